"""Text of a user in a report: it is shown as it is meant, and does nothing.

A data set may be called `![pixel](http:evil.example).npz`, a class `</script>`. Whatever a template prints
goes through `html` or `markdown`, whether its author thought of that or not (see `render`); only what a
template made itself (`Markup`) passes as it is. Charts show text as `bench.foreign.visible`, see `theme`.
"""

import json
import re
from typing import Any

import markupsafe

from bench import foreign

# Signs that Markdown, one of its hosts or HTML may act upon. As references to characters they do nothing, and
# look alike in text, in a cell of a table, in an attribute and inside of HTML: one rule for every place.
_ACTING = re.compile(
    r"[\\`*\[\]|~$@]"  # code, emphasis, links and pictures, tables, struck-out text, formulas, addresses
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; inside of a word it is none
    r"|:(?=[^\s\d])|(?<=[wW]{3})\."  # addresses that hosts turn into links
    r"|^[-+#=]"  # lists and headings
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def html(value: object) -> object:
    """What a template of a page prints, ready to be escaped; line breaks stay, as `<pre>` needs them."""
    return value if hasattr(value, "__html__") else foreign.visible_lines(value)


def markdown(value: object) -> markupsafe.Markup:
    """What a template of Markdown prints, as one line that is text and nothing else.

    Examples
    --------
    >>> print(markdown("- ![a](http://b) | fashion_mnist"))
    &#45; !&#91;a&#93;(http&#58;//b) &#124; fashion_mnist
    """
    if isinstance(value, markupsafe.Markup):
        return value
    if hasattr(value, "__html__"):
        return markupsafe.Markup(value)
    line = str(markupsafe.escape(foreign.visible(" ".join(str(value).split()))))
    line = _ACTING.sub(lambda found: f"&#{ord(found[0])};", line)
    return markupsafe.Markup(_NUMBERED.sub(lambda found: f"{found[1]}&#{ord(found[2])};", line))


def preformatted(text: object) -> markupsafe.Markup:
    """Lines for a `<pre>`, which Markdown leaves alone: HTML is all that has to be escaped in them."""
    return markupsafe.escape(foreign.visible_lines(text))


def as_json(content: Any, **options: Any) -> str:
    """JSON that may stand inside of a `<script>`: nothing in it ends the element."""
    return dumps(content, separators=(",", ":"), **options).replace("<", "\\u003c")


def dumps(content: Any, **options: Any) -> str:
    """JSON whose texts are visible, keys too."""
    return json.dumps(_visible(content), **options)


def _visible(content: Any) -> Any:
    if isinstance(content, str):
        return foreign.visible(content)
    if isinstance(content, dict):
        return {_visible(name): _visible(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_visible(value) for value in content]
    return content
