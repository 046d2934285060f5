"""Tables as files: what the page copies and what the command prints are one text."""

import csv
import io
import re

import pytest

from bench import cli, report
from bench.keeping.store import RunFolder
from bench.report.blocks import exports
from bench.report.blocks.table import Cell, Column, Row, Table

NBSP, DASH = "\N{NO-BREAK SPACE}", "\N{EN DASH}"


def table() -> Table:
    """One with a mean and its interval, a baseline, and a text that programs would act upon."""
    rows = (
        Row(cells=(Cell(text="AE & co_1"), Cell(text=f"0.0112{NBSP}±{NBSP}0.0003"), Cell(text="1,204"))),
        Row(cells=(Cell(text="=VAE"), Cell(text="\N{MINUS SIGN}0.5"), Cell(text=f"11{NBSP}(10{DASH}12)"))),
        Row(cells=(Cell(text="PCA (baseline)"), Cell(text=DASH), Cell(text="7")), is_baseline=True),
    )
    heads = (Column(label="Name", is_number=False), Column(label="MSE"), Column(label="Step, ms"))
    return Table(id="table-small", caption="All of it, 100 %", columns=heads, rows=rows)


def test_latex_has_caption_label_siunitx_rules_and_says_what_the_sign_means():
    assert exports.latex(table()).splitlines()[1:] == [
        r"\begin{table}",
        r"\centering",
        r"\caption{All of it, 100 \%}",
        r"\label{tab:small}",
        r"\begin{tabular}{lS[table-format=-1.4(1)]S[table-format=4]}",
        r"\toprule",
        r"Name & {MSE} & {Step, ms} \\",
        r"\midrule",
        r"AE \& co\_1 & 0.0112 \pm 0.0003 & 1204 \\",
        r"{}=VAE & -0.5 & {11 (10--12)} \\",
        r"\midrule",
        r"PCA & {--} & 7 \\",
        r"\bottomrule",
        r"\end{tabular}",
        "",
        rf"\smallskip\footnotesize {exports.SPREAD}",
        r"\end{table}",
    ]


def test_csv_has_plain_numbers_and_what_stands_under_them_beside():
    head, *rows = csv.reader(io.StringIO(exports.csv(table())))
    assert head == ["Name", "MSE", "MSE ±", "Step, ms", "Step, ms range"]
    assert rows[0] == ["AE & co_1", "0.0112", "0.0003", "1204", ""]
    assert rows[1] == ["'=VAE", "-0.5", "", "11", f"(10{DASH}12)"]
    assert rows[2] == ["PCA (baseline)", "", "", "7", ""]


def test_every_table_is_copied_as_the_command_prints_it(page, finished_run):
    names = page.evaluate("""async () => {
      const texts = [];
      navigator.clipboard.writeText = async (text) => { texts.push(text); };
      for (const table of document.querySelectorAll("table.sortable")) {
        if (table.closest(".chart")) continue;
        for (const button of table.closest(".scroll").previousElementSibling.querySelectorAll("button")) {
          if (!button.textContent.startsWith("Copy ")) continue;
          const before = texts.length;
          button.click();
          while (texts.length === before) await new Promise((resolve) => setTimeout(resolve));
          const form = button.textContent.slice(5).toLowerCase();
          texts[before] = [table.id.replace("table-", ""), form, texts[before]];
        }
      }
      return texts;
    }""")
    known = report.tables(RunFolder(finished_run))
    assert len({name for name, *_ in names}) > 10
    for name, form, text in names:
        assert text == exports.FORMATS[form](known[name]), (name, form)


def test_the_command_prints_a_table_and_names_those_there_are(finished_run, capsys):
    assert cli.main(["table", str(finished_run), "leaderboard", "--format", "markdown"]) == 0
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("| Configuration | Rank |") and len(rows) > 10
    assert cli.main(["table", str(finished_run)]) == 0
    assert re.search(r"^ae-vae +AE and VAE at equal settings", capsys.readouterr().out, re.MULTILINE)
    assert cli.main(["table", str(finished_run), "leaderbord"]) == 2
    error = capsys.readouterr().err
    assert "did you mean 'leaderboard'?" in error and "definitions" in error and error.count("\n") == 1


@pytest.mark.parametrize("form", exports.FORMATS)
def test_a_name_of_a_stranger_ends_no_line_and_acts_on_nothing(form):
    evil = Cell(text="a\n\\input{x} & | \x1b[31m")
    odd = Table(id="table-x", caption="c", columns=(Column(label="n"),), rows=(Row(cells=(evil,)),))
    text = exports.FORMATS[form](odd)
    assert "\x1b" not in text and sum("input" in line and "31m" in line for line in text.splitlines()) == 1
    assert form != "latex" or r"\textbackslash{}input\{x\} \& $|$" in text
