"""Style and script without what is written for who reads the sources: a quarter less in every page.

Notes, indentation and blanks beside signs go; strings, templates and regular expressions stay as they are. A
script has to end its statements by semicolons, and no template of it may have another one in it.
"""

import re

_KEPT_IN_SCRIPT = (
    r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|`(?:\\.|[^`\\])*`'  # strings and templates
    r"|(?<=[(,=:\[!&|?{};\s])/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*"  # expressions
)
_SCRIPT = re.compile(
    rf"(?P<kept>{_KEPT_IN_SCRIPT})|(?P<note>//[^\n]*|/\*.*?\*/)"
    r"|\s*(?P<open>[{(\[,;:?=<>&|])\s*|\s*(?P<close>[})\]]) *|(?<=[\w)\]]) (?P<sum>[+*-]) (?=[\w(])"
    r"|(?P<break>\s*\n\s*)",
    re.DOTALL,
)
_STYLE = re.compile(
    r'(?P<kept>"[^"\n]*")|(?P<note>/\*.*?\*/)|\s*(?P<open>[{}])\s*|(?P<after>[;:,])\s+|(?P<break>\s*\n\s*)',
    re.DOTALL,
)


def script(text: str) -> str:
    """JavaScript; a line that no sign ends stays one."""
    return _SCRIPT.sub(_left, text).strip() + "\n"


def style(text: str) -> str:
    """CSS; a blank before a colon means something in a selector, and stays."""
    return _STYLE.sub(_left, text).replace(";}", "}").strip() + "\n"


def _left(found: re.Match[str]) -> str:
    known = found.groupdict()
    if known["break"]:
        return "\n"
    names = ("kept", "open", "close", "sum", "after")
    return next((text for name in names if (text := known.get(name))), "")
