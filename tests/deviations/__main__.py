"""`python -m tests.deviations` prints the table of `docs/checks.md`: needs torchmetrics and Fashion-MNIST."""

from tests.deviations import CHECKS, Check, Material


def table(name: str) -> str:
    """The checks with what was found, as Markdown."""
    material = Material.of(name)
    lines = [
        "| what | held against | on | largest deviation | bound in the tests |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(row(one, material) for one in CHECKS)])


def row(one: Check, material: Material) -> str:
    """One check with what was found."""
    found = one.deviation(material)
    shown = f"{found:.2g} {one.unit}".strip() if found else "none"
    return f"| {one.measure} | {one.against} | {one.on} | {shown} | {f'{one.bound:g} {one.unit}'.strip()} |"


if __name__ == "__main__":
    print(table("fashion_mnist"))
