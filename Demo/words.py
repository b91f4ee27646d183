"""How the demo speaks: paragraphs, a matrix, bars."""
import shutil
import sys
import textwrap

COLOURED = sys.stdout.isatty()


def styled(text, code):
    return f"\033[{code}m{text}\033[0m" if COLOURED else text


def say(text):
    """A paragraph for a reader who knows nothing yet."""
    wipe()
    print("\n" + textwrap.fill(" ".join(text.split()), min(100, shutil.get_terminal_size().columns)), flush=True)


def heading(text):
    wipe()
    print("\n" + styled(f"── {text} ", "1"), flush=True)


def tell(text, mark="·"):
    """What has happened just now."""
    wipe()
    lines = textwrap.wrap(text, min(98, shutil.get_terminal_size().columns - 4)) or [""]
    print(f"  {mark} " + "\n    ".join(lines), flush=True)


def bar(text, share):
    """Redrawn at its place; nothing where there is no terminal."""
    if COLOURED:
        filled = int(24 * max(0, min(1, share)))
        sys.stdout.write(f"\r\033[K    {text}  [{'█' * filled}{'░' * (24 - filled)}] {100 * share:3.0f} %")
        sys.stdout.flush()


def wipe():
    if COLOURED:
        sys.stdout.write("\r\033[K")


def matrix(names, rates):
    """Packets per second by (source, destination)."""
    width = max(5, *(len(name) for name in names))
    lines = ["from ╲ to".ljust(width + 4) + "".join(name.rjust(width + 1) for name in names)]
    for source in names:
        cells = []
        for destination in names:
            rate = rates.get((source, destination), 0)
            text = ("·" if rate < 0.5 else f"{rate:.0f}").rjust(width + 1)
            cells.append(styled(text, "1;32") if rate >= 20 else text)
        lines.append(source.ljust(width + 4) + "".join(cells))
    wipe()
    print("\n".join("    " + line for line in [""] + lines + [""]), flush=True)


def comparison(before, after):
    """Two bars to compare, in the same unit."""
    widest = max(before, after, 1e-9)
    for name, value in (("before", before), ("after", after)):
        tell(f"{name:<7}{value:6.2f} iterations/s  {'█' * max(1, round(40 * value / widest))}", " ")
