"""Makes the files that the tests read; see README.md."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from openpyxl import Workbook
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter

HERE = Path(__file__).parent
TITLE = "湖州市卫生健康事业发展“十四五”规划"
PARAGRAPHS = [
    "一、发展基础",
    "过去五年，全市上下齐心协力，把群众看病的事情办得更稳当，村里的诊室都换上了新的门窗和桌椅，路过的老人愿意进来坐一坐、量一量血压。",
    "二、发展目标",
    "到2025年，全市新增托位3200个，居民看得上病、看得好病，家门口的服务更加便利，主要指标如下。",
]
TABLE = [
    ["序号", "指标", "单位", "2020年", "2025年", "属性"],
    ["健康水平"] * 6,
    ["1", "人均预期寿命", "岁", "81.6", "≥82.5", "预期性"],
    ["2", "孕产妇死亡率", "1/10万", "5.3", "<7", "约束性"],
    ["3", "居民健康素养水平", "%", "33.5", "40左右", "预期性"],
]
LAST = "三、保障措施"
CLOSING = "各区县要把任务分到每个月，每季度碰一次头，年底对一次账，哪里慢了就去哪里看一看。"


def write_docx(path):
    document = Document()
    # One font for all, so that the PDF holds one small part of one font.
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for script in ["ascii", "hAnsi", "eastAsia", "cs"]:
        fonts.set(qn(f"w:{script}"), "WenQuanYi Micro Hei")
    document.add_paragraph(TITLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    table = document.add_table(rows=len(TABLE), cols=len(TABLE[0]), style="Table Grid")
    for row, cells in enumerate(TABLE):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text if column == 0 or text != cells[0] else ""
    table.cell(1, 0).merge(table.cell(1, 5))
    document.add_paragraph(LAST)
    document.add_paragraph(CLOSING)
    document.save(path)


def write_xlsx(path):
    book = Workbook()
    sheet = book.active
    sheet.append([TITLE])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", "指标", "单位", "年份", None, "属性"])
    sheet.append([None, None, None, "2020年", "2025年", None])
    for merge in ["A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"]:
        sheet.merge_cells(merge)
    sheet.append(["健康水平"])
    sheet.merge_cells("A4:F4")
    sheet.append([1, "人均预期寿命", "岁", 81.6, "≥82.5", "预期性"])
    sheet.append([2, "孕产妇死亡率", "1/10万", 5.3, "<7", "约束性"])
    sheet.append([3, "居民健康素养水平", "%", 0.335, 0.4, "预期性"])
    for cell in ["D7", "E7"]:
        sheet[cell].number_format = "0.0%"
    sheet.append(["注：本表数据由各区县上报。"])
    book.save(path)


def convert(source, kind):
    command = ["soffice", "--headless", "--convert-to", kind, "--outdir", HERE, source]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def encrypt(source, path):
    writer = PdfWriter(clone_from=PdfReader(source))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)


def scan(path):
    page = Image.new("1", (620, 877), 1)
    draw = ImageDraw.Draw(page)
    for line in range(20):
        draw.line([(60, 80 + 36 * line), (560, 80 + 36 * line)], fill=0, width=9)
    page.save(path, save_all=True, append_images=[page])


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        # LibreOffice leaves out what python-docx brings along: a theme, a picture of the first page.
        write_docx(Path(folder) / "plan.docx")
        convert(Path(folder) / "plan.docx", "docx")
    write_xlsx(HERE / "table.xlsx")
    convert(HERE / "plan.docx", "pdf")
    convert(HERE / "plan.docx", "doc:MS Word 97")
    convert(HERE / "table.xlsx", "xls:MS Excel 97")
    encrypt(HERE / "plan.pdf", HERE / "encrypted.pdf")
    scan(HERE / "scanned.pdf")
