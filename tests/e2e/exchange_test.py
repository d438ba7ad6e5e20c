"""Spreadsheets in and out, as a person uses them: with a server and without."""

import hashlib
import json
import unittest
import xml.etree.ElementTree as xml
import zipfile

from harness import Case, run

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TITLES = "事件编号(自定),标题,类别,级别\n"


def texts(path):
    """Rows of the first sheet, cells as texts."""
    with zipfile.ZipFile(path) as book:
        sheet = xml.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [["".join(cell.itertext()) for cell in row.iter(MAIN + "c")]
            for row in sheet.iter(MAIN + "row")]


def workbook(path, rows):
    """The least that is a workbook."""
    def relation(kind, target):
        return (f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/{kind}" '
                f'Target="{target}"/></Relationships>')

    def row(cells):
        return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
                                 for cell in cells) + "</row>"

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("_rels/.rels", relation("officeDocument", "xl/workbook.xml"))
        book.writestr("xl/workbook.xml", f'<workbook xmlns:r="{RELATIONS}"><sheets><sheet '
                                         'name="a" r:id="r1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", relation("worksheet", "sheet.xml"))
        book.writestr("xl/sheet.xml", "<worksheet><sheetData>" + "".join(map(row, rows))
                      + "</sheetData></worksheet>")


class Exchange(Case):
    def import_rows(self, text, *arguments, name="rows.csv", encoding="utf-8", code=0):
        file = self.folder / name
        file.write_bytes(text.encode(encoding))
        return run("import", "commands", "incident.raise", file, "--data", self.data, *arguments,
                   code=code)

    def events(self, type_):
        return [json.loads(line) for line in
                run("read", "--type", type_, "--data", self.data).splitlines()]

    def test_gb18030_rows_become_incidents_once_and_leave_as_a_workbook(self):
        rows = TITLES + "A1,网站打不开,system,1\nA2,𠮷字显示错误,system,2\n"
        report = json.loads(self.import_rows(rows, "--json", encoding="gb18030"))
        self.assertEqual((report["ok"], report["failed"]), (2, 0))
        again = json.loads(self.import_rows(rows, "--json", encoding="gb18030"))
        self.assertEqual((again["ok"], again["known"]), (2, 2))
        raised = self.events("incident.raised")
        self.assertEqual([event["data"]["title"] for event in raised], ["网站打不开", "𠮷字显示错误"])
        self.assertEqual({event["causationposition"] for event in raised},
                         {str(report["position"])})

        out = self.folder / "out.xlsx"
        run("export", "table", "incident.incidents", "--format", "xlsx", "--labels", "zh",
            "--output", out, "--data", self.data)
        cells = texts(out)
        self.assertIn("标题", cells[0])
        self.assertEqual(len(cells), 3)
        self.assertIn("网站打不开", cells[1])
        self.assertIn("𠮷字显示错误", cells[2])
        made = self.events("export.made")[-1]["data"]
        self.assertEqual(made["sha256"], hashlib.sha256(out.read_bytes()).hexdigest())
        self.assertEqual(made["rows"], 2)

    def test_dry_run_stores_nothing_and_bad_rows_are_named(self):
        rows = "incident,title,category,level\nA1,ok,system,1\nA2,bad,system,9\nA3,worse,system,x\n"
        run("append", "note.written", "{}", "--data", self.data)
        before = run("read", "--data", self.data)
        error = self.import_rows(rows, "--dry-run", code=1)
        self.assertIn("row 3: incident.level", error)
        self.assertIn("row 4: schema.invalid /level", error)
        self.assertEqual(run("read", "--data", self.data), before)

    def test_workbook_goes_through_a_server(self):
        workbook(self.folder / "in.xlsx", [("incident", "title", "category", "level"),
                                           ("B1", "=1+1", "system", "3")])
        server = self.serve()
        report = json.loads(run("import", "commands", "incident.raise", self.folder / "in.xlsx",
                                "--url", server.url, "--json"))
        self.assertEqual(report["ok"], 1)
        out = self.folder / "out.csv"
        run("export", "table", "incident.incidents", "select=incident,title", "--output", out,
            "--url", server.url)
        self.assertEqual(out.read_text("utf-8-sig"), "incident,title\nB1,'=1+1\n")


if __name__ == "__main__":
    unittest.main()
