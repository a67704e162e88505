"""Each scenario starts from nothing: containers up, a crawl, something that breaks, and then all of it must be there once."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

from publisher import Site, declare

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Beside the networks that Docker picks by itself.
SUBNET = os.environ.get("TEST_SUBNET", "10.213.77")
PROJECT = "plangraphtest"
PORT = int(os.environ.get("TEST_PORT", "18000"))
# How long anything may take that is waited for.
PATIENCE = 120
V2 = subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
COMPOSE = ["docker", "compose"] if V2 else ["docker-compose"]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def eventually(what, check, patience=PATIENCE):
    """Waits until a check holds; answers with what it gave."""
    end = time.monotonic() + patience
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"it did not come to pass in {patience} s that {what}")
        time.sleep(0.2)


class Unanswered(Exception):
    """The API said that it cannot answer, or nothing at all."""


class Observatory:
    """The containers of one test."""

    def __init__(self, sources, folder):
        self.environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": PROJECT,
            "PLANGRAPH_SOURCES": sources,
            "PLANGRAPH_PORT": f"127.0.0.1:{PORT}",
            "TEST_SOURCES": str(folder),
            "TEST_SUBNET": SUBNET,
            "POSTGRES_PASSWORD": "only-a-test",
            # The load is one client's.
            "PLANGRAPH_RATE": "0",
        }

    def compose(self, *args):
        files = ["-f", "docker-compose.yml", "-f", "tests/compose/docker-compose.test.yml"]
        return run(*COMPOSE, *files, *args, cwd=ROOT, env=self.environment)

    def containers(self, service):
        listed = run("docker", "ps", "-aq", "--filter", f"label=com.docker.compose.project={PROJECT}",
                     "--filter", f"label=com.docker.compose.service={service}")
        return listed.split()

    def kill(self, container):
        """As the system kills a process: its first one, with signal 9."""
        pid = run("docker", "inspect", "-f", "{{.State.Pid}}", container).strip()
        run("kill", "-9", pid)

    def networks(self, container):
        inspected = json.loads(run("docker", "inspect", container))[0]
        return {name: settings["Aliases"] for name, settings in inspected["NetworkSettings"]["Networks"].items()}

    def sql(self, query):
        """The only value that a query has."""
        container = self.containers("db")[0]
        return run("docker", "exec", container, "psql", "-U", "plangraph", "-h", "127.0.0.1", "-At", "-c", query,
                   "postgresql://plangraph:only-a-test@127.0.0.1/plangraph").strip()

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def ask(self, query, **variables):
        """The data of an answer."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}/graphql", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as error:
            raise Unanswered(f"{error.code} {error.read().decode()}") from error
        except (OSError, ValueError) as error:
            raise Unanswered(str(error)) from error
        if "errors" in told:
            raise Unanswered(json.dumps(told["errors"]))
        return told["data"]

    def ready(self):
        return self.get("/readyz")[0] == 200

    def logs(self):
        return "\n".join(
            subprocess.run(["docker", "logs", "--tail", "40", container], capture_output=True, text=True).stderr
            for service in ("worker", "api") for container in self.containers(service)
        )


class Scenario(unittest.TestCase):
    """Containers of its own, and a site on this machine that the worker reaches through their network."""

    sources, plans, pause = 4, 40, 0.6
    declared = "/declared"
    up = ("up", "-d", "--no-build")

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="plangraph-sources."))
        self.folder.chmod(0o755)
        self.site = Site(self.sources, self.plans, self.pause)
        declare(self.folder, f"{SUBNET}.1", self.site)
        self.observatory = Observatory(self.declared, self.folder)
        self.observatory.compose("down", "-v", "--remove-orphans", "-t", "1")
        self.addCleanup(self.tearDownAll)
        self.prepare()
        self.observatory.compose(*self.up)

    def prepare(self):
        pass

    def tearDownAll(self):
        if not all(outcome is None for outcome in [sys.exc_info()[1]]) or self._failed():
            print(self.observatory.logs(), file=sys.stderr)
        self.observatory.compose("--profile", "sites", "down", "-v", "--remove-orphans", "-t", "1")
        self.site.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _failed(self):
        result = self._outcome.result
        return any(test is self for test, _ in [*result.errors, *result.failures])

    def amid_the_crawl(self):
        """Waits until about a third of it is done."""
        eventually("a third of the plans was asked for", lambda: self.site.done() >= self.sources * self.plans // 3)
        self.assertLess(self.site.done(), self.sources * self.plans, "the crawl was over before anything broke")

    def over(self):
        """Waits until all is crawled and the API answers."""
        def done():
            try:
                return self.observatory.sql("SELECT count(*) FROM crawl_run WHERE status IN ('queued', 'running')") == "0" \
                    and int(self.observatory.sql("SELECT count(*) FROM plan")) >= self.sources * self.plans
            except AssertionError:
                return False
        try:
            eventually("all plans are stored and no run is left", done)
        except AssertionError as error:
            rows = self.observatory.sql("SELECT json_agg(json_build_array(status, fetched, failed, lease_until)) FROM crawl_run")
            states = self.observatory.sql("SELECT json_object_agg(state, n) FROM (SELECT state, count(*) n FROM page GROUP BY state) s")
            raise AssertionError(f"{error}\nruns: {rows}\npages: {states}\nplans: {self.observatory.sql('SELECT count(*) FROM plan')}")
        eventually("the API is ready", self.observatory.ready, 60)

    def whole(self):
        """Nothing is lost and nothing is there twice, seen through the API and in the tables."""
        expected = {(f"s{s}县第{n}镇2025年卫生健康工作要点", f"{n + 10}张") for s in range(self.sources) for n in range(self.plans)}
        found, after = [], None
        while True:
            page = self.observatory.ask(
                "query Figures($after: String) { indicators(first: 100, after: $after) {"
                " pageInfo { hasNextPage endCursor } nodes { valueText plan { title } } } }", after=after)["indicators"]
            found += [(node["plan"]["title"], node["valueText"]) for node in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        self.assertEqual(len(found), len(set(found)), "a figure is there twice")
        self.assertEqual(set(found), expected)
        all_pages = str(self.sources * (self.plans + 1))
        self.assertEqual(self.observatory.sql("SELECT count(*) || ' ' || count(DISTINCT url) FROM page"), f"{all_pages} {all_pages}")
        self.assertEqual(self.observatory.sql("SELECT count(*) FROM plan_version WHERE version > 1"), "0")
        once = f"{len(expected)} {len(expected)}"
        told = "SELECT count(*) || ' ' || count(DISTINCT plan_id) FROM change"
        self.assertEqual(self.observatory.sql(told), once, "each plan is new once, and none has changed")
        self.assertEqual(self.observatory.sql("SELECT count(*) FROM page WHERE lease_owner IS NOT NULL"), "0")
        self.assertEqual(self.observatory.sql("SELECT count(*) FROM page WHERE state <> 'fresh'"), "0")


class Crawling(Scenario):
    """The way as it should be, over the sample sites in a container."""

    declared = "/sources"
    up = ("--profile", "sites", "up", "-d", "--no-build")

    def test_up_migrated_crawled_and_asked(self):
        readme = (ROOT / "README.md").read_text()
        examples = re.findall(r"```graphql\n(.*?)```\s*```json\n(.*?)```", readme, re.S)
        self.assertEqual(len(examples), 10)
        eventually("the API is ready", self.observatory.ready)
        ended = "SELECT count(*) FROM crawl_run WHERE status = 'succeeded'"
        eventually("five sites are crawled", lambda: self.observatory.sql(ended) == "5")
        for query, answer in examples:
            with self.subTest(query):
                self.assertEqual(self.observatory.ask(query), json.loads(answer))
        # What the images promise.
        for service in ("api", "worker"):
            container = self.observatory.containers(service)[0]
            inspected = json.loads(run("docker", "inspect", container))[0]
            self.assertTrue(inspected["HostConfig"]["ReadonlyRootfs"])
            self.assertEqual(run("docker", "exec", container, "id", "-u").strip(), "10001")
            status = lambda: json.loads(run("docker", "inspect", container))[0]["State"]["Health"]["Status"]
            eventually(f"{service} is healthy", lambda: status() == "healthy")
            metrics = run("docker", "exec", container, "plangraph", "health", "http://127.0.0.1:9464/metrics")
            self.assertEqual(metrics, "")


class Breaking(Scenario):
    """One thing breaks amid a crawl."""

    def test_a_worker_is_killed(self):
        self.amid_the_crawl()
        self.observatory.kill(self.observatory.containers("worker")[0])
        self.over()
        self.whole()

    def test_the_database_is_away_for_ten_seconds_under_load(self):
        eventually("the API is ready", self.observatory.ready)
        told, answers, stop = [], [], threading.Event()

        def ask():
            while not stop.is_set():
                try:
                    count = self.observatory.ask("query Load { plans { totalCount } }")["plans"]["totalCount"]
                    answers.append(count)
                except Unanswered as error:
                    told.append(str(error))
                time.sleep(0.05)

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        self.amid_the_crawl()
        self.observatory.compose("stop", "-t", "5", "db")
        eventually("the API says that it cannot answer", lambda: not self.observatory.ready(), 30)
        time.sleep(10)
        self.observatory.compose("start", "db")
        eventually("the API is ready again", self.observatory.ready, 60)
        self.over()
        stop.set()
        for asker in askers:
            asker.join()
        self.assertEqual(self.observatory.ask("{ plans { totalCount } }")["plans"]["totalCount"], self.sources * self.plans)
        for error in told:
            self.assertRegex(error, "could not be read|503|database|timed out", "it did not say clearly what was wrong")
        self.whole()

    def test_a_worker_is_cut_off_the_network(self):
        self.amid_the_crawl()
        worker = self.observatory.containers("worker")[0]
        networks = self.observatory.networks(worker)
        for network in networks:
            run("docker", "network", "disconnect", "-f", network, worker)
        time.sleep(15)
        for network, aliases in networks.items():
            run("docker", "network", "connect", *[f"--alias={alias}" for alias in aliases or []], network, worker)
        self.over()
        self.whole()

    def test_the_volume_for_snapshots_is_full(self):
        self.amid_the_crawl()
        worker = self.observatory.containers("worker")[0]
        fill = "cat /dev/zero > /data/snapshots/full 2>/dev/null; wc -c < /data/snapshots/full"
        self.assertGreater(int(run("docker", "exec", worker, "sh", "-c", fill)), 1000)
        before = self.site.done()
        time.sleep(8)
        self.assertLess(self.site.done(), self.sources * self.plans, "nothing could be kept, so all cannot be done")
        self.assertEqual(self.observatory.get("/readyz")[0], 200, "the API does not need that volume")
        run("docker", "exec", worker, "rm", "/data/snapshots/full")
        self.over()
        self.whole()
        self.assertGreaterEqual(self.site.done(), before)

    def test_everything_is_started_again(self):
        self.amid_the_crawl()
        self.observatory.compose("restart", "-t", "20")
        self.over()
        self.whole()

    def test_one_worker_becomes_three(self):
        self.amid_the_crawl()
        self.observatory.compose(*self.up, "--scale", "worker=3", "worker")
        self.over()
        self.whole()
        self.assertEqual(self.site.twice(), {}, "workers share what is to be done")


class Upgrading(Scenario):
    """A database of an earlier version. No release came before this one; what stands for it is what the migrations up to
    the ninth left, with plans in it: the later ones are taken back as they were done."""

    sources, plans, pause = 2, 20, 0
    undone = """
        DELETE FROM relation WHERE citation_id IS NOT NULL OR role IS NOT NULL;
        DROP TABLE section_shingle;
        DROP INDEX relation_once;
        ALTER TABLE relation DROP COLUMN citation_id, DROP COLUMN role;
        CREATE UNIQUE INDEX relation_once ON relation (kind, from_region_id, to_region_id, coalesce(from_plan_id, 0),
            coalesce(to_plan_id, 0), coalesce(from_section_id, 0), coalesce(to_section_id, 0), coalesce(programme_id, 0));
        DROP TABLE mention, citation, programme, correction, token, search_entry;
        DROP INDEX indicator_of_concept, plan_published_on_newest, plan_issued_on_newest, indicator_year_newest;
        CREATE INDEX indicator_concept_id_region_id ON indicator (concept_id, region_id);
        DELETE FROM seaql_migrations WHERE version > 'm20261122_000009_frontier'"""

    def test_a_database_of_earlier_migrations_is_brought_up_to_date(self):
        self.over()
        migrations = "SELECT count(*) FROM seaql_migrations"
        done = self.observatory.sql(migrations)
        self.observatory.compose("stop", "-t", "20", "api", "worker")
        self.observatory.sql(self.undone)
        self.assertEqual(self.observatory.sql(migrations), "9")
        # Four processes do it at once.
        self.observatory.compose(*self.up, "--scale", "worker=3", "api", "worker")
        self.over()
        self.whole()
        self.assertEqual(self.observatory.sql(migrations), done)
        found = self.observatory.ask('{ search(query: "急救网络", kinds: [SECTION]) { totalCount } }')["search"]["totalCount"]
        self.assertEqual(found, self.sources * self.plans, "what was stored before can be searched")
        token = run("docker", "exec", self.observatory.containers("api")[0], "plangraph", "token", "create", "li")
        self.assertTrue(token.startswith("pg_"), token)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0], *(["-k" + name for name in sys.argv[1:]])])
