"""What a folder keeps beside what is asked for now, and is in no report: said in lines."""

from bench.ask.trial import External
from bench.running.plan import Plan


def lines(plan: Plan) -> list[str]:
    """One for what is of another grid or other data, and one for what failed in an older file of a coder."""
    others = set() if plan.fresh else {*plan.folder.others(plan.units)}
    if not others:
        return []
    rivals = {unit.rival for unit in plan.externals}
    failed = [
        result.unit.key
        for result in plan.folder.kept()
        if result.unit.key in others and result.status != "ok"
        if isinstance(result.unit, External) and result.unit.rival in rivals
    ]
    count, told = len(others) - len(failed), []
    if count:
        told.append(
            f"{plan.folder.path} keeps {count} finished trials and baselines of another grid or other data: "
            "they are left out of the report"
        )
    if failed:
        measured = f"measurement{'' if len(failed) == 1 else 's'}"
        told.append(
            f"{plan.folder.path} keeps {len(failed)} failed {measured} of an older file of "
            f"{plan.externals[0].model}: left out of the report, as this one takes the place"
        )
    return told
