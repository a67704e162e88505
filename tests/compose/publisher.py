"""A publisher that takes its time: a list of plans a source, and how often each was asked for."""

import collections
import http.server
import threading
import time

HEALTH = "推进镇卫生院扩建，加强门诊力量，完善急救网络，做好随访登记，年内新增床位{n}张。"
REST = [
    "实施健康家庭培育，落实控烟任务，提升居民健康素养，健全志愿队伍，巩固卫生镇成果。",
    "优化老年照护服务，推动医养结合，开展上门巡诊，强化药品配送，确保签约居民满意。",
    "深化分级诊疗，构建会诊平台，争取县级专家下沉，加快信息互通，探索夜间门诊。",
]


def title(source, n):
    return f"{source}县第{n}镇2025年卫生健康工作要点"


class Site:
    """Serves `sources` lists of `plans` plans each; every plan takes `pause` seconds."""

    def __init__(self, sources, plans, pause):
        self.sources, self.plans, self.pause = sources, plans, pause
        self.asked = collections.Counter()
        self.lock = threading.Lock()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, body = site.answer(self.path)
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except OSError:
                    # Whoever asked is gone, which is what the tests are about.
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path):
        if path == "/robots.txt":
            return 404, ""
        with self.lock:
            self.asked[path] += 1
        source, page = path.strip("/").split("/")
        if page == "list":
            entries = "".join(
                f"<li><a href='/{source}/{n}.html'>{title(source, n)}</a> <span>2025-02-03</span></li>"
                for n in range(self.plans)
            )
            return 200, f"<html><body><ul>{entries}</ul></body></html>"
        time.sleep(self.pause)
        n = int(page.removesuffix(".html"))
        heading = title(source, n)
        texts = [HEALTH.format(n=n + 10), *REST]
        paragraphs = "".join(f"<p>{mark}、{text}</p>" for mark, text in zip("一二三四", texts))
        return 200, f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1>{paragraphs}</body></html>"

    def done(self):
        """How many plans have been asked for."""
        with self.lock:
            return sum(1 for path in self.asked if path.endswith(".html"))

    def twice(self):
        """What was asked for more than once."""
        with self.lock:
            return {path: times for path, times in self.asked.items() if times > 1}

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def declare(folder, gateway, site):
    """Declarations of a site's sources, each of another region."""
    for number, region in zip(range(site.sources), ("330100", "330200", "330300", "330400", "330500", "330600")):
        (folder / f"s{number}.toml").write_text(
            f"name = 's{number}'\nregion = '{region}'\nlist = ['http://{gateway}:{site.port}/s{number}/list']\n"
            "allow_private = true\ndelay_ms = 0\nmin_plans = 1\n"
        )
