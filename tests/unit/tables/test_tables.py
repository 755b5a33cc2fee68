"""Spreadsheets of unknown origin: what they are is found out, and what they can't be is said."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from workflows.errors import TableUnreadableError
from workflows.tables import reading
from workflows.tables.reading import open_table
from workflows.tables.table import Row, Table
from workflows.tables.writing import write_csv, write_xlsx

HEADINGS = ["Name", "Purpose", "Stage"]
RECORDS = [["Café “Zoë” – über", "Zählt Gäste", "pilot"], ["Naïve", "Größe", "retired"]]
# Enough of its language for an encoding to be told by its letters.
RUSSIAN = [["Прогноз продаж", "Предсказывает спрос на товары в магазинах", "пилот"]] * 5
POLISH = [["Ścieżka żółwia", "Wykrywa błędy w fakturach dostawców, gdy są źle księgowane", "ł"]] * 5
JAPANESE = [["売上予測", "店舗での商品の需要を予測する仕組みです", "試験"]] * 5


def csv_bytes(
    rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",", title: str = ""
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([HEADINGS, *rows])
    return (title + text.getvalue()).encode(encoding)


def opened(tmp_path: Path, content: bytes) -> Table:
    file = tmp_path / "file"
    file.write_bytes(content)
    return open_table(file)


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells) for row in table.rows()]


@pytest.mark.parametrize(
    ("encoding", "said", "rows"),
    [
        ("utf-8", "utf-8", RECORDS),
        ("utf-8-sig", "utf-8", RECORDS),
        ("utf-16", "utf-16", RECORDS),
        ("utf-16-le", "utf-16-le", RECORDS),
        ("utf-16-be", "utf-16-be", RECORDS),
        ("cp1252", "windows-1252", RECORDS),
        ("mac_roman", "mac-roman", RECORDS),
        ("cp1251", "windows-1251", RUSSIAN),
        ("cp1250", "windows-1250", POLISH),
        ("shift_jis", "shift-jis", JAPANESE),
    ],
)
def test_the_encoding_is_found_out_and_said(
    tmp_path: Path, encoding: str, said: str, rows: list[list[str]]
) -> None:
    table = opened(tmp_path, csv_bytes(rows, encoding))

    assert (table.format, table.encoding) == ("CSV", said)
    assert cells(table) == rows


@pytest.mark.parametrize(
    ("cell", "said", "text"),
    [
        (b"data\xe2\x80\x90driven studies\xa0and the Office\x92s", "windows-1252",
         "data\u2010driven studies\xa0and the Office\u2019s"),
        (b"the Office\x92s letters", "windows-1252", "the Office\u2019s letters"),
        (b"\x93Quoted\x94 \x96 and so on", "windows-1252", "\u201cQuoted\u201d \u2013 and so on"),
        (b"50\xb0 and \xb5g at \xa35", "windows-1252", "50° and µg at £5"),
        (b"Fa\xe7ade, d\xe9j\xe0, \x80 5", "windows-1252", "Façade, déjà, € 5"),
        ("Größe und Maß — naïve".encode() + b" \x96 und", "utf-8 with some windows-1252",
         "Größe und Maß — naïve \u2013 und"),
    ],
)  # fmt: skip
def test_where_several_encodings_fit_it_is_the_most_usual_one(
    tmp_path: Path, cell: bytes, said: str, text: str
) -> None:
    table = opened(tmp_path, b'Name,Purpose\nA,"' + cell + b'"\nB,plain\n')

    assert (table.encoding, next(table.rows()).cells[1]) == (said, text)


@pytest.mark.parametrize(
    ("delimiter", "said"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_the_delimiter_is_what_gives_every_row_the_same_columns(
    tmp_path: Path, delimiter: str, said: str
) -> None:
    rows = [["A, b; c", "one\ntwo | three", "x;y"], ["D", "1,5", ""], ["E", "2,5", "z"]]

    table = opened(tmp_path, csv_bytes(rows, delimiter=delimiter))

    assert table.delimiter == said
    assert cells(table) == rows


@pytest.mark.parametrize("title_rows", [0, 1, 2, 20])
def test_titles_and_blanks_above_the_headings_are_passed_over_and_rows_counted_as_they_stand(
    tmp_path: Path, title_rows: int
) -> None:
    title = "Inventory 2027\r\n" * (title_rows % 2) + "\r\n" * (title_rows - title_rows % 2)

    table = opened(tmp_path, csv_bytes([*RECORDS, ["", " ", ""], ["Last", "", ""]], title=title))

    assert (table.title_rows, table.headings) == (title_rows, tuple(HEADINGS))
    assert [row.number for row in table.rows()] == [title_rows + n for n in (2, 3, 5)]


def test_headings_further_down_than_20_rows_are_not_looked_for(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadableError, match="no row of headings"):
        opened(tmp_path, csv_bytes(RECORDS, title="\r\n" * 21))


def test_columns_without_a_name_and_names_that_come_twice_are_told_apart(tmp_path: Path) -> None:
    table = opened(tmp_path, b"Name,,If other,If other\n1,2,3,4\n5,6,7,8,9\n10\n")

    assert table.headings == ("Name", "Column B", "If other", "If other (2)")
    assert list(table.rows()) == [
        Row(2, ("1", "2", "3", "4")),
        Row(3, ("5", "6", "7", "8"), surplus=1),
        Row(4, ("10", "", "", "")),
    ]


def test_a_workbook_gives_dates_numbers_and_truths_as_they_would_be_typed(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (
        ["Report", None, None],
        [],
        ["Name", "Start", "Budget"],
        ["A", date(2027, 3, 31), 1200.0],
        ["B", "soon", 1.5],
        ["C", True, "=1+1"],
    ):
        sheet.append(row)
    workbook.save(tmp_path / "book.xlsx")

    table = open_table(tmp_path / "book.xlsx")

    assert (table.format, table.title_rows, table.sheet) == ("XLSX", 2, "Sheet")
    assert cells(table) == [["A", "2027-03-31", "1200"], ["B", "soon", "1.5"], ["C", "yes", "=1+1"]]
    assert [row.number for row in table.rows()] == [4, 5, 6]


def test_the_first_sheet_with_a_table_is_taken(tmp_path: Path) -> None:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.append(["Read me first"])
    for row in (["Name", "Stage"], ["A", "pilot"]):
        workbook.create_sheet("Inventory") if "Inventory" not in workbook.sheetnames else None
        workbook["Inventory"].append(row)
    workbook.save(tmp_path / "book.xlsx")

    assert open_table(tmp_path / "book.xlsx").sheet == "Inventory"


def test_a_hundred_sheets_are_looked_through_and_not_one_more(tmp_path: Path) -> None:
    workbook = Workbook()
    for number in range(99):
        workbook.create_sheet(f"Week {number}")
    for row in HEADINGS, *RECORDS:
        workbook["Week 98"].append(row)
    workbook.save(tmp_path / "hundred.xlsx")
    workbook.create_sheet("One more")
    workbook.save(tmp_path / "more.xlsx")

    assert open_table(tmp_path / "hundred.xlsx").sheet == "Week 98"
    with pytest.raises(TableUnreadableError, match="has 101 sheets; up to 100"):
        open_table(tmp_path / "more.xlsx")


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


BOOK = {"[Content_Types].xml": b"", "xl/workbook.xml": b""}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"<table><tr><td>Name</td></tr></table>", "This is a web page"),
        (b"\x89PNG\r\n\x1a\n....", "This is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "or one with a password"),
        (b"\x00\x01\x02\x03\x04" * 9, "binary data"),
        (zipped(**{"readme.txt": b"hello"}), "This archive is no workbook"),
        (zipped(**BOOK), "This workbook is damaged"),
        (b"PK\x03\x04 and nothing more", "This workbook is damaged"),
        (zipped(**BOOK, **{"xl/sheet1.xml": b"0" * 30_000_000}), "unpacks to far more"),
        (b"a,b\n" + b'1,"' + b"x" * 140_000 + b'"\n', "Row 2 holds a cell of more than"),
        (b"a,b\n" + b"1," * 600 + b"1\n", "Row 2 has more than 500 columns"),
        (b"\n\n\n", "no row of headings"),
        (b"Name,Department\n\n", "headings, and no rows below them"),
        (b'Name,Why\nA,"open\nB,x\nC,y', "A quotation mark in row 2 is never closed"),
    ],
)
def test_what_is_no_table_is_said_with_what_to_do(
    tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(TableUnreadableError, match=says):
        list(opened(tmp_path, content).rows())


@pytest.mark.parametrize(
    "content",
    [
        b'Name,Why\nA,"two\nlines"\nB,"the ""best"""',
        b'Name,Why\nScreen 27",wide\nB,27"',
        b'Name,Why\nA,x\nB,"closed at the end"',
    ],
)
def test_quotation_marks_that_are_closed_or_part_no_rows_are_read(
    tmp_path: Path, content: bytes
) -> None:
    assert len(cells(opened(tmp_path, content))) == 2


def test_a_hidden_sheet_is_named_and_taken_only_if_it_is_asked_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, rows in (("Now", 1), ("Before", 30)):
        sheet = book.create_sheet(name)
        for row in (("Name", "Why"), *[("A", "to see")] * rows):
            sheet.append(row)
    del book["Sheet"]
    book["Before"].sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")

    table = open_table(tmp_path / "book.xlsx")
    asked_for = open_table(tmp_path / "book.xlsx", "Before")

    assert (table.sheet, table.other_sheets) == ("Now", ("Before",))
    assert "not the sheet “Before”, 2 columns" in table.described
    assert len(cells(asked_for)) == 30


def test_a_file_may_have_200_megabytes_and_not_a_byte_more(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes(b"a,b\n1,2\n")
    with file.open("r+b") as large:
        large.truncate(reading.MOST_BYTES + 1)  # sparse: it takes no room

    with pytest.raises(TableUnreadableError, match="Split it"):
        open_table(file)
    with file.open("r+b") as large:
        large.truncate(reading.MOST_BYTES)
    with pytest.raises(TableUnreadableError, match="binary data"):  # its zeros, not its size
        open_table(file)


def test_xml_that_swells_is_refused(tmp_path: Path) -> None:
    assert openpyxl.DEFUSEDXML
    write_xlsx(tmp_path / "book.xlsx", HEADINGS, RECORDS)
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        members = {name: book.read(name) for name in book.namelist()}
    members["xl/worksheets/sheet1.xml"] = laughs

    with pytest.raises(TableUnreadableError, match="damaged"):
        opened(tmp_path, zipped(**members))


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = b'xmlns="http://schemas.openxmlformats.org/package/2006/'
KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
SHARED = {  # as Excel writes it: texts are shared, and cells hold their numbers
    "[Content_Types].xml": b"<Types " + PACKAGE + b'content-types">'
    b'<Default Extension="rels" ContentType="application/xml"/>'
    b'<Override PartName="/xl/workbook.xml" ContentType="' + KIND + b'sheet.main+xml"/>'
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + KIND + b'sharedStrings+xml"/>'
    b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="' + KIND + b'worksheet+xml"/>'
    b"</Types>",
    "xl/workbook.xml": b"<workbook " + MAIN + b'><sheets><sheet xmlns:r="' + OFFICE + b'" '
    b'name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": b"<Relationships " + PACKAGE + b'relationships"><Relationship '
    b'Id="rId1" Type="' + OFFICE + b'/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/sharedStrings.xml": b"<sst " + MAIN + b"><si><t>Name</t></si><si><t>Who</t></si>"
    b"<si><t>Cash</t></si></sst>",
    "xl/worksheets/sheet1.xml": b"<worksheet " + MAIN + b'><sheetData><row r="1">'
    b'<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2">'
    b'<c r="A2" t="s"><v>2</v></c></row></sheetData></worksheet>',
}


def shared(part: str = "", before: bytes = b"", after: bytes = b"") -> bytes:
    """Return that workbook with some bytes of a part made others."""
    members = dict(SHARED)
    if part:
        assert before in members[part]
        members[part] = members[part].replace(before, after, 1)
    return zipped(**members)


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("xl/worksheets/sheet1.xml", b"<v>2<", b"<v>99999<"),
        ("xl/worksheets/sheet1.xml", b"<v>2<", b"<v>1e9<"),
        ("xl/worksheets/sheet1.xml", b'r="A2"', b'r="2A"'),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b""),
        ("xl/sharedStrings.xml", b"</si>", b"</s>"),
        ("xl/workbook.xml", b'r:id="rId1"', b'r:id="rId77"'),
        ("[Content_Types].xml", b"<Types", b"<Tapes"),
    ],
)
def test_a_workbook_that_was_tampered_with_is_damaged(
    tmp_path: Path, part: str, before: bytes, after: bytes
) -> None:
    assert cells(opened(tmp_path, shared())) == [["Cash", ""]]

    with pytest.raises(TableUnreadableError, match="damaged"):
        list(opened(tmp_path, shared(part, before, after)).rows())


def test_a_cell_a_million_rows_further_down_is_one_more_row(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (HEADINGS, RECORDS[0]):
        book.active.append(row)
    book.active.cell(1_048_576, 1).value = "x"
    book.save(tmp_path / "book.xlsx")

    rows = list(open_table(tmp_path / "book.xlsx").rows())

    assert [(row.number, row.cells[0]) for row in rows] == [(2, RECORDS[0][0]), (1_048_576, "x")]


@pytest.mark.parametrize(("number", "is_taken"), [(1_048_576, True), (1_048_577, False)])
def test_no_table_goes_on_below_the_last_row_of_a_spreadsheet(number: int, is_taken: bool) -> None:
    table = Table("CSV", ("Name",), 0, lambda: iter([(1, ["Name"]), (number, ["A"])]))

    if is_taken:
        assert len(list(table.rows())) == 1
    else:
        with pytest.raises(TableUnreadableError, match="below row 1,048,576"):
            list(table.rows())


@pytest.mark.parametrize("name", ["file", "file.csv", "file.xls", "file.XLSX.part"])
def test_a_workbook_may_be_called_whatever_it_likes(tmp_path: Path, name: str) -> None:
    write_xlsx(tmp_path / "book.xlsx", HEADINGS, RECORDS)
    (tmp_path / "book.xlsx").rename(tmp_path / name)

    assert cells(open_table(tmp_path / name)) == RECORDS


def test_what_a_workbook_escapes_is_read_as_it_was_meant(tmp_path: Path) -> None:
    content = shared("xl/sharedStrings.xml", b"Cash", b"a_x000D_\nb_x005F_x0041_")

    assert cells(opened(tmp_path, content)) == [["a\nb_x0041_", ""]]


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\t"),
    max_size=40,
)
GRIDS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=5).filter(
    lambda rows: any(cell.strip() for row in rows for cell in row)
)


@settings(deadline=None)  # writing and reading a file takes its time
@given(GRIDS)
def test_any_text_survives_a_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    file = tmp_path_factory.mktemp("csv") / "file.csv"
    write_csv(file, HEADINGS, rows)

    assert cells(open_table(file)) == [row for row in rows if any(map(str.strip, row))]


@settings(deadline=None)  # writing and reading a file takes its time
@given(GRIDS)
@example([["_x000D_", "a_x005F_x0041_ _x0041_", "_xD83D_ x"]])
def test_any_text_survives_a_workbook(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    file = tmp_path_factory.mktemp("xlsx") / "file.xlsx"
    write_xlsx(file, HEADINGS, rows)

    assert cells(open_table(file)) == [row for row in rows if any(map(str.strip, row))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1"])
def test_no_text_of_an_export_is_a_formula(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "f.csv", ["Name", "Cost"], [[text, Decimal("-1.5")]])
    write_xlsx(tmp_path / "f.xlsx", ["Name", "Cost"], [[text, Decimal("-1.5")]])

    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))[1]
    cell = openpyxl.load_workbook(tmp_path / "f.xlsx")["Registry"]["A2"]
    assert written == [f"'{text}", "-1.5"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cells(open_table(tmp_path / "f.csv")) == [[text, "-1.5"]]
    assert cells(open_table(tmp_path / "f.xlsx")) == [[text, "-1.5"]]
