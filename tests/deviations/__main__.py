"""`python -m tests.deviations` prints the table of `docs/checks.md`."""

from tests.deviations import CHECKS, Material


def table(name: str) -> str:
    """The checks with what was found, as Markdown."""
    material = Material.of(name)
    lines = ["| measure | held against | largest deviation | asserted to be below |", "|---|---|---|---|"]
    for one in CHECKS:
        found = one.deviation(material)
        shown = f"{found:.2g} {one.unit}".strip() if found else "none"
        lines.append(f"| {one.measure} | {one.against} | {shown} | {f'{one.bound:g} {one.unit}'.strip()} |")
    return "\n".join(lines)


print(table("fashion_mnist"))
