"""Report -> `index.html`, `README.md` and `figures/`, through Jinja templates."""

import base64
import functools
import hashlib
import pathlib
from collections.abc import Callable, Iterator

import jinja2
import markupsafe

from bench import errors
from bench.report.blocks import glossary, inert, isolation, sharing, theme
from bench.report.blocks.chart import Chart
from bench.report.blocks.pictures import Picture
from bench.report.blocks.view import Views
from bench.report.page import bare, inside
from bench.report.page.content import SECTIONS, Report

SCRIPTS = (
    "state.js",
    "rove.js",
    "copies.js",
    "tables.js",
    "explorer.js",
    "compare.js",
    "terms.js",
    "links.js",
)
"""In the order in which they run."""

_PACKAGE = pathlib.Path(__file__).parents[2]


def template_folder() -> pathlib.Path:
    """`bench/templates` in an installed wheel, `templates` in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


class Renderer:
    """Renders with the templates of this project, or with those of a folder where it has them."""

    def __init__(self, own: pathlib.Path | None = None) -> None:
        self._folders = [*([own] if own else []), template_folder()]
        self.losses: list[str] = []  # sections that could not be printed

    def html(self, report: Report) -> str:
        """The page: one file, with a policy that forbids it to fetch anything."""
        return self.page("report.html.j2", report=report, part=functools.partial(self._part, report, "html"))

    def markdown(self, report: Report) -> str:
        """The twin, which shows the files of `figure_files`."""
        return self.page("report.md.j2", report=report, part=functools.partial(self._part, report, "md"))

    def _part(self, report: Report, kind: str, id: str) -> markupsafe.Markup:
        """A template of `parts/`, or why there is none: one section that cannot be printed costs no other."""
        templates = environment(kind == "md", *self._folders)

        def printed() -> str:
            names = [id, "section"] if id in report.blocks else [id]
            found = templates.select_template([f"parts/{each}.{kind}.j2" for each in names])
            with glossary.once():
                return found.render(report=report, id=id)

        def instead(why: str) -> str:
            title = report.sections.get(id, "")
            return templates.get_template(f"parts/lost.{kind}.j2").render(id=id, title=title, why=why)

        def lost(why: str) -> str:
            self.losses.append(f"{report.sections.get(id, id)}: {why}")
            return instead(why)

        is_absent = id in SECTIONS and id not in report.sections
        if is_absent:
            return markupsafe.Markup("")
        if id in report.missing:
            return markupsafe.Markup(instead(report.missing[id]))
        if len(self._folders) > 1:
            return markupsafe.Markup(printed())  # a mistake in a template of the reader's is his to mend
        return markupsafe.Markup(isolation.attempt("section", printed, lost))

    def page(self, template: str, **context: object) -> str:
        """A template with its context; a page is given style and script, too, and the script's hash.

        Raises
        ------
        TemplateError
            If a template cannot be read, has a mistake in it, or asks for something that there is not.
        """
        try:
            script = "".join(self._read(f"script/{name}", bare.script) for name in SCRIPTS)
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            return (
                environment(template.endswith(".md.j2"), *self._folders)
                .get_template(template)
                .render(
                    **context,
                    style=markupsafe.Markup(self._read("style.css", bare.style)),
                    script=markupsafe.Markup(script),
                    script_hash=digest,
                )
            )
        except Exception as error:
            known = isinstance(error, jinja2.TemplateError | OSError | UnicodeDecodeError)
            if not known and len(self._folders) == 1:
                raise  # ours, and no mistake in a template of the reader's
            where = (
                f"{error.name}, line {error.lineno}: "
                if isinstance(error, jinja2.TemplateSyntaxError)
                else ""
            )
            raise errors.TemplateError(
                f"a template cannot be rendered: {where}{errors.one_line(error)}; mend it in "
                f"{self._folders[0]}, or render without --templates"
            ) from None

    def _read(self, name: str, bare_of: Callable[[str], str]) -> str:
        """A file of somebody's own as it is, or ours without its notes."""
        own = [folder / name for folder in self._folders[:-1] if (folder / name).is_file()]
        if own:
            return own[0].read_text(encoding="utf-8")
        return bare_of((self._folders[-1] / name).read_text(encoding="utf-8"))


class _OfMarkdown(jinja2.Environment):
    """In which a text that stands in a template is its own: `{{ " ---: |" if a else "|" }}`."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> jinja2.nodes.Template:
        parsed = super()._parse(source, name, filename)
        for output in parsed.find_all(jinja2.nodes.Output):
            output.nodes = [_its_own(node) for node in output.nodes]
        return parsed


def _its_own(node: jinja2.nodes.Expr) -> jinja2.nodes.Expr:
    if isinstance(node, jinja2.nodes.CondExpr):
        node.expr1 = _its_own(node.expr1)
        node.expr2 = node.expr2 and _its_own(node.expr2)
    is_text = isinstance(node, jinja2.nodes.Const) and isinstance(node.value, str)
    return jinja2.nodes.MarkSafe(node) if is_text else node


@functools.cache
def environment(is_markdown: bool, *folders: pathlib.Path) -> jinja2.Environment:
    """Everything is made inert, an unknown name is an error, and the first folder with a template gives it.

    Made once: compiling the templates takes longer than filling them in. A changed one is compiled anew.
    """
    made = (_OfMarkdown if is_markdown else jinja2.Environment)(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        finalize=inert.markdown if is_markdown else inert.html,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.policies["json.dumps_function"] = inert.dumps
    made.filters["inline"] = _inline
    made.filters["terms"] = glossary.linked
    made.filters["cell"] = inert.markdown
    made.filters["preformatted"] = inert.preformatted
    return made


def figure_files(report: Report) -> dict[str, bytes]:
    """File name to content of every chart and picture."""
    drawn = [chart for chart in inside.charts(report) if not chart.lost]
    files = {f"{chart.id}.svg": theme.to_file(chart.svg).encode() for chart in drawn}
    return files | {f"{picture.id}.png": picture.png(picture.file_scale) for picture in _pictures(report)}


def _pictures(report: Report) -> Iterator[Picture]:
    """Those that the twin shows: not those of the views, which only the page has."""
    yield from (gallery.originals for gallery in report.galleries)
    for blocks in report.blocks.values():
        yield from sharing.pictures(blocks, but=(Views,))


def _inline(chart: Chart) -> markupsafe.Markup:
    return markupsafe.Markup(theme.to_page(chart.svg, str(markupsafe.escape(inert.html(chart.alt)))))
