"""The sites of a federation document, and what lies between them."""
import math


class Link:
    """One-way latency in seconds, bandwidth in bytes per second."""

    def __init__(self, fields):
        self.latency = fields.get("latencyMs", 0) / 1000
        megabits = fields.get("bandwidthMbps")
        self.bandwidth = math.inf if megabits is None else megabits * 1e6 / 8


class Federation:
    def __init__(self, document):
        self.sites = document["sites"]
        self.site_named = {site["name"]: site for site in self.sites}
        self.hosts = [(host, site) for site in self.sites for host in site.get("hosts", [])]
        self.host_named = {host["name"]: host for host, _ in self.hosts}
        self.site_of = {host["name"]: site["name"] for host, site in self.hosts}
        links = document["links"]
        self.same_host = Link(links.get("sameHost", {}))
        self.same_site = Link(links.get("sameSite", {}))
        self.other = Link(links.get("betweenSites", {}))
        self.listed = {frozenset(entry["between"]): Link(entry) for entry in links.get("pairs", [])}
        egress = document.get("egress", {})
        self.egress_other = egress.get("betweenSites", 0)
        self.egress_listed = {(entry["from"], entry["to"]): entry["perGB"] for entry in egress.get("pairs", [])}

    def between(self, s, t):
        return self.same_site if s == t else self.listed.get(frozenset((s, t)), self.other)

    def egress(self, s, t):
        return 0 if s == t else self.egress_listed.get((s, t), self.egress_other)
