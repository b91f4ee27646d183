"""Every term that `--explain` prints, by the formulas: section, subject and term → figure at one placement."""
import math

import enumeration


def terms(instance, placement):
    """Of an instance of the enumeration, at a placement that moves no VM that can't be moved."""
    fed, figures, result = instance.federation, instance.evaluate(placement), {}
    for i, (vm, parts) in enumerate(zip(instance.vms, instance.parts(placement))):
        own = {"cpu": vm.get("cpu", 1), "g": fed.host_named[placement[i]].get("speed", 1),
               "w": sum(rate for (one, _), rate in instance.both.items() if one == i), **parts}
        if not instance.first:
            wait, _, link = instance.delays(instance.present)
            own["u"] = wait[i] + link[i]
        own["price"] = instance.price(vm, fed.site_of[placement[i]])
        own["hosting"] = own["price"] * figures["billed"] / 3600
        result.update({("vms", vm["name"], term): value for term, value in own.items()})
        if not instance.first and placement[i] != instance.present[i]:
            migration = instance.migration(vm, instance.present[i], placement[i])
            result.update({("moves", vm["name"], term): value for term, value in migration.items()})
    result.update(between_sites(instance, placement))
    run = instance.remaining * figures["slowdown"]
    totals = {"R": instance.remaining, "σ": figures["slowdown"], "T": run,
              "downtimes": sum(move["downtimeSeconds"] for move in figures["moves"]), "seconds": figures["seconds"],
              "hosting": figures["cost"]["hosting"], "egress": figures["cost"]["egress"],
              "M": figures["cost"]["migration"], "C": figures["cost"]["total"], "watts": figures["watts"]}
    result.update({("totals", "application", term): value for term, value in totals.items()})
    return result


def between_sites(instance, placement):
    fed, result, crossing = instance.federation, {}, {}
    for (i, j), rate in instance.bytes.items():
        pair = instance.site(i, placement), instance.site(j, placement)
        if pair[0] != pair[1]:
            crossing[pair] = crossing.get(pair, 0) + rate
    for s in fed.site_named:
        for t in fed.site_named:
            if s == t:
                continue
            link, rate, price = fed.between(s, t), crossing.get((s, t), 0), fed.egress(s, t)
            own = {"ℓ": link.latency, "β": link.bandwidth, "b": rate, "load": 1.05 * rate / link.bandwidth,
                   "b·R": rate * instance.remaining, "price": price,
                   "egress": rate * instance.remaining * price / enumeration.GB}
            result.update({("sites", f"{s} → {t}", term): value for term, value in own.items()
                           if not math.isinf(value)})
    return result


def differences(instance, placement, rows, near):
    """What is wrong with the rows of `--explain` for an advised placement, as lines."""
    after = terms(instance, placement)
    before = {} if instance.first else terms(instance, instance.present)
    lines, seen = [], set()
    for row in rows:
        key = row["section"], row["subject"], row["term"]
        seen.add(key)
        sides = ["after"] if row["section"] == "moves" or instance.first else ["before", "after"]
        for side, figures in (("before", before), ("after", after)):
            expected, got = figures.get(key) if side in sides else None, row.get(side)
            # What is left of 1 has the rounding of 1.
            if row["term"] == "idle" and None not in (expected, got) and abs(expected - got) < 1e-12:
                continue
            if (expected is None) != (got is None) or (expected is not None and not near(expected, got)):
                lines.append(f"{' '.join(key)} {side}: expected {expected}, got {got}")
    missing = [key for key in after if key[0] != "sites" and key not in seen
               and not (key[2] == "β" and math.isinf(after[key]))]
    return lines + [f"{' '.join(key)}: missing" for key in missing]
