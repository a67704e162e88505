"""The work of the crawl benchmark, done by Scrapy: `python plans.py FOLDER LIST...`, where FOLDER takes what is stored.

Follows the pagers of the lists, reads title, metadata, text, sections and figures of every article, keeps the body
compressed in a file and the rest in SQLite, with an index for search in all of its text. Prints what it used as the
benchmark does, then how many plans and figures it stored. robots.txt is obeyed, there is no delay.
"""

import gzip
import hashlib
import json
import re
import resource
import sqlite3
import sys
from datetime import datetime, timezone
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess

TITLE = re.compile(r"工作要点|工作计划|工作安排|规划|行动计划|实施方案")
YEAR = re.compile(r"(20\d\d)年")
REGION = re.compile(r"^(.{2,12}?(?:自治州|地区|市|盟|省|区|县))")
DATE = re.compile(r"(20\d\d)[-年./](\d{1,2})[-月./](\d{1,2})")
# Numbers of headings, the top of the tree first.
MARKS = [
    re.compile(r"^第[一二三四五六七八九十百]+[章节编篇]"),
    re.compile(r"^[一二三四五六七八九十]+、"),
    re.compile(r"^[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"^\d{1,2}[.．、](?!\d)"),
    re.compile(r"^[（(]\d{1,2}[）)]"),
]
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
UNIT = r"(?:%|‰|个百分点|/10万|/万|万?人次|万?人|万?元|亿元|张|个|家|所|名|项|台|辆|条|座|岁|分钟|小时|天|次|种|例|户|支|套|处|平方米)"
FIGURE = re.compile(
    r"(?P<name>[^，。；：、（）\d]{2,30}?)"
    r"(?P<measure>力争达到|提高到|提升到|提升至|达到|达|稳定在|保持在|控制在|缩短到|降低到|降到|不低于|不少于|不高于|不超过|增加|新增|建成|完成|为)?"
    r"(?P<lower>约|近|超过)?"
    rf"(?P<value>{NUMBER})(?:\s*[-—~～至]\s*(?P<max>{NUMBER}))?"
    rf"(?P<unit>{UNIT})"
    r"(?P<bound>以上|以内|以下|左右)?"
)
NEW = re.compile(r"^(?:新增|改造|建成|完成|培训|招收|建设|增加|新建|开展)")
COMPARATORS = {
    "不低于": "GE", "不少于": "GE", "不高于": "LE", "不超过": "LE", "控制在": "LE",
    "以上": "GE", "以内": "LE", "以下": "LE", "左右": "APPROX", "约": "APPROX", "近": "APPROX", "超过": "GT",
}

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE page (id INTEGER PRIMARY KEY, url TEXT UNIQUE, sha256 TEXT, media_type TEXT, headers TEXT, size INTEGER, fetched_at TEXT);
CREATE TABLE plan (id INTEGER PRIMARY KEY, page_id INTEGER REFERENCES page, title TEXT, region TEXT, year INTEGER, issuer TEXT,
    document_number TEXT, index_number TEXT, published_on TEXT, text TEXT);
CREATE INDEX plan_region ON plan (region, year);
CREATE TABLE section (id INTEGER PRIMARY KEY, plan_id INTEGER REFERENCES plan, parent_id INTEGER, position INTEGER, depth INTEGER,
    number TEXT, heading TEXT, path TEXT, text TEXT, span_start INTEGER, span_end INTEGER);
CREATE INDEX section_plan ON section (plan_id, position);
CREATE TABLE figure (id INTEGER PRIMARY KEY, plan_id INTEGER REFERENCES plan, section_id INTEGER REFERENCES section,
    position INTEGER, fingerprint TEXT, name TEXT, value REAL, value_max REAL, value_text TEXT, unit TEXT, comparator TEXT,
    measure TEXT, year INTEGER, sentence TEXT, span_start INTEGER, span_end INTEGER);
CREATE INDEX figure_plan ON figure (plan_id, position);
CREATE INDEX figure_name ON figure (name, year);
CREATE TABLE entry (id INTEGER PRIMARY KEY, plan_id INTEGER REFERENCES plan, kind TEXT, item_id INTEGER);
CREATE INDEX entry_plan ON entry (plan_id);
CREATE VIRTUAL TABLE words USING fts5(heading, body, content='', tokenize='trigram');
"""
# What can be found: the plan, its sections and its figures, each by its heading or name and by its text.
ENTRIES = {
    "PLAN": ("plan", "id", "title", "coalesce(issuer, '') || ' ' || coalesce(document_number, '')"),
    "SECTION": ("section", "plan_id", "heading", "text"),
    "FIGURE": ("figure", "plan_id", "name", "sentence"),
}


class PlansSpider(scrapy.Spider):
    name = "plans"

    def __init__(self, lists=(), **kwargs):
        super().__init__(**kwargs)
        self.start_urls = list(lists)

    def parse(self, response):
        for row in response.css(".list li"):
            link = row.css("a")
            title = link.attrib.get("title") or link.css("::text").get()
            if TITLE.search(title):
                yield response.follow(link[0], self.parse_article, cb_kwargs={"listed_on": row.css("span::text").get()})
        for link in response.css(".pages a"):
            if link.css("::text").get() == "下一页":
                yield response.follow(link)

    def parse_article(self, response, listed_on):
        cells = response.css(".index td")
        texts = ["".join(cell.css("::text").getall()).strip() for cell in cells]
        index = dict(zip(texts[::2], texts[1::2]))
        title = response.css("meta[name=ArticleTitle]::attr(content)").get() or response.css("h1::text").get()
        lines = ["".join(p.css("::text").getall()).strip() for p in response.css(".article-content p")]
        text = "\n".join(line for line in lines if line)
        published = DATE.search(index.get("发布日期") or listed_on or "")
        year, region = YEAR.search(title), REGION.search(title)
        sections = list(read_sections(text))
        yield {
            "url": response.url,
            "body": response.body,
            "media_type": response.headers.get("Content-Type", b"").decode(),
            "headers": dict(response.headers.to_unicode_dict()),
            "title": title,
            "region": region and region[1],
            "year": int(year[1]) if year else None,
            "issuer": index.get("发布机构"),
            "document_number": index.get("文号"),
            "index_number": index.get("索引号"),
            "published_on": published and "%s-%02d-%02d" % (published[1], int(published[2]), int(published[3])),
            "text": text,
            "sections": sections,
            "figures": list(read_figures(text, sections, int(year[1]) if year else None)),
        }


def read_sections(text):
    """Sections by the numbers before their headings, each with the one that it is in."""
    open_sections, sections, start = [], [], 0
    for line in text.split("\n"):
        end = start + len(line)
        level, mark = next(((level, m) for level, mark in enumerate(MARKS) if (m := mark.match(line))), (None, None))
        if mark:
            head, _, rest = line[mark.end():].partition("。")
            while open_sections and sections[open_sections[-1]]["level"] >= level:
                open_sections.pop()
            parent = open_sections[-1] if open_sections else None
            path = (sections[parent]["path"] if parent is not None else []) + [head]
            open_sections.append(len(sections))
            sections.append({
                "parent": parent, "level": level, "depth": len(open_sections), "number": mark[0], "heading": head,
                "path": path, "text": rest, "start": start, "end": end,
            })
        elif sections:
            sections[-1]["text"] += "\n" + line
            sections[-1]["end"] = end
        else:
            sections.append({
                "parent": None, "level": len(MARKS), "depth": 1, "number": None, "heading": None, "path": [],
                "text": line, "start": start, "end": end,
            })
        start = end + 1
    return sections


def read_figures(text, sections, year):
    """Figures with the sentence and the section that they stand in."""
    section, seen = 0, {}
    for sentence in SENTENCE.finditer(text):
        while section + 1 < len(sections) and sections[section + 1]["start"] <= sentence.start():
            section += 1
        said = YEAR.search(sentence[0])
        for figure in FIGURE.finditer(sentence[0]):
            name = figure["name"].strip()
            own = NEW.match(name)
            measure = figure["measure"] or (own and own[0])
            words = (figure["bound"], figure["measure"], figure["lower"])
            comparator = next((COMPARATORS[word] for word in words if word in COMPARATORS), "EQ")
            value_text = figure[0][figure.start("value") - figure.start():]
            key = (name, value_text, measure, year)
            seen[key] = seen.get(key, 0) + 1
            yield {
                "section": section,
                "fingerprint": hashlib.sha256(repr((key, seen[key])).encode()).hexdigest(),
                "name": name[own.end():] if own else name,
                "value": float(figure["value"].replace(",", "")),
                "value_max": figure["max"] and float(figure["max"].replace(",", "")),
                "value_text": value_text,
                "unit": figure["unit"],
                "comparator": comparator,
                "measure": measure,
                "year": int(said[1]) if said else year,
                "sentence": sentence[0].strip(),
                "start": sentence.start() + figure.start("value"),
                "end": sentence.start() + figure.end(),
            }


class StorePipeline:
    """The body in a file, the rest in one transaction a page."""

    def open_spider(self):
        self.folder = FOLDER / "bodies"
        self.db = sqlite3.connect(FOLDER / "plans.db")
        self.db.executescript(SCHEMA)

    def close_spider(self):
        self.db.close()

    def process_item(self, item):
        sha256 = hashlib.sha256(item["body"]).hexdigest()
        path = self.folder / sha256[:2] / sha256[2:4] / f"{sha256}.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(item["body"], 6))
        with self.db as db:
            page = db.execute(
                "INSERT INTO page (url, sha256, media_type, headers, size, fetched_at) VALUES (?, ?, ?, ?, ?, ?)",
                (item["url"], sha256, item["media_type"], json.dumps(item["headers"]), len(item["body"]),
                 datetime.now(timezone.utc).isoformat()),
            ).lastrowid
            plan = db.execute(
                "INSERT INTO plan (page_id, title, region, year, issuer, document_number, index_number, published_on, text)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (page, item["title"], item["region"], item["year"], item["issuer"], item["document_number"],
                 item["index_number"], item["published_on"], item["text"]),
            ).lastrowid
            ids = []
            for position, s in enumerate(item["sections"]):
                parent = ids[s["parent"]] if s["parent"] is not None else None
                row = (plan, parent, position, s["depth"], s["number"], s["heading"], json.dumps(s["path"]), s["text"],
                       s["start"], s["end"])
                ids.append(db.execute(
                    "INSERT INTO section (plan_id, parent_id, position, depth, number, heading, path, text, span_start,"
                    " span_end) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid)
            db.executemany(
                "INSERT INTO figure (plan_id, section_id, position, fingerprint, name, value, value_max, value_text, unit,"
                " comparator, measure, year, sentence, span_start, span_end)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(plan, ids[f["section"]], position, f["fingerprint"], f["name"], f["value"], f["value_max"],
                  f["value_text"], f["unit"], f["comparator"], f["measure"], f["year"], f["sentence"], f["start"],
                  f["end"]) for position, f in enumerate(item["figures"])],
            )
            for kind, (table, of_plan, heading, body) in ENTRIES.items():
                db.execute(f"INSERT INTO entry (plan_id, kind, item_id) SELECT ?, ?, id FROM {table} WHERE {of_plan} = ?",
                           (plan, kind, plan))
                db.execute(f"INSERT INTO words (rowid, heading, body) SELECT entry.id, {heading}, {body} FROM entry"
                           f" JOIN {table} ON {table}.id = item_id WHERE entry.plan_id = ? AND kind = ?", (plan, kind))
        # Nobody else wants it.
        return None


FOLDER = Path(sys.argv[1])


def main():
    process = CrawlerProcess({
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "ITEM_PIPELINES": {StorePipeline: 100},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "USER_AGENT": "plangraph-bench",
    })
    process.crawl(PlansSpider, lists=sys.argv[2:])
    process.start()
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(1_000 * (used.ru_utime + used.ru_stime))
    # The second is what was used until all was stored: it does nothing else.
    print(cpu, cpu, used.ru_maxrss)
    db = sqlite3.connect(FOLDER / "plans.db")
    print(*(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("plan", "figure")))


main()
