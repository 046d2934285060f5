"""`python -m tests.deviations` prints the table of `docs/checks.md`: needs torchmetrics and Fashion-MNIST."""

from tests.deviations import CHECKS, Material


def table(name: str) -> str:
    """The checks with what was found, as Markdown."""
    material = Material.of(name)
    lines = [
        "| measure | held against | on | largest deviation | bound in the tests |",
        "|---|---|---|---|---|",
    ]
    for one in CHECKS:
        found = one.deviation(material)
        shown = f"{found:.2g} {one.unit}".strip() if found else "none"
        lines.append(
            f"| {one.measure} | {one.against} | {one.on} | {shown} | {f'{one.bound:g} {one.unit}'.strip()} |"
        )
    return "\n".join(lines)


print(table("fashion_mnist"))
