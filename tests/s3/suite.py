"""Each test has a bucket, a site and a database of its own; the program is told of them as its users tell it."""

import logging
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import boto3
from moto.server import ThreadedMotoServer

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "compose"))
from publisher import Site, declare

PROGRAM = os.environ["PROGRAM"]
# How long anything may take that is waited for.
PATIENCE = 120


def eventually(what, check):
    end = time.monotonic() + PATIENCE
    while not check():
        if time.monotonic() > end:
            raise AssertionError(f"it did not come to pass in {PATIENCE} s that {what}")
        time.sleep(0.1)


class Publisher(Site):
    """One that can change what a plan says."""

    changed = frozenset()

    def answer(self, path):
        status, body = super().answer(path)
        return status, body.replace("年内新增床位", "全年新增床位") if path in self.changed else body


class Bucket(unittest.TestCase):
    sources, plans, pause = 2, 10, 0

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="plangraph-s3.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "sources").mkdir()
        self.site = Publisher(self.sources, self.plans, self.pause)
        self.addCleanup(self.site.close)
        declare(self.folder / "sources", "127.0.0.1", self.site)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()
        self.addCleanup(lambda: self.server.stop())
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite://{self.folder}/plangraph.db?mode=rwc",
            "PLANGRAPH_SNAPSHOTS": "s3://pages/of/plans",
            "PLANGRAPH_SOURCES": str(self.folder / "sources"),
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
        }
        self.s3 = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1",
                               aws_access_key_id="somebody", aws_secret_access_key="secret")
        self.s3.create_bucket(Bucket="pages")

    def start(self):
        """The store, at first or again: what it keeps outlives its server."""
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self.server.start()

    def run_program(self, *args, code=0, **environment):
        done = subprocess.run([PROGRAM, *args], env=self.environment | environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def sql(self, statement):
        with sqlite3.connect(self.folder / "plangraph.db") as db:
            return db.execute(statement).fetchall()

    def kept(self, prefix="of/plans/"):
        """What is in the bucket, and since when."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket="pages", Prefix=prefix)
        return {entry["Key"]: entry["LastModified"] for page in pages for entry in page.get("Contents", [])}

    def named(self):
        """What the database says is kept."""
        hashes = [row[0] for row in self.sql("SELECT DISTINCT sha256 FROM snapshot")]
        return {f"of/plans/{name[:2]}/{name}.zst" for name in hashes}

    def figures(self):
        path = self.folder / "indicators.csv"
        self.run_program("export", str(path))
        return path.read_text()


class Kept(Bucket):
    def test_what_is_kept_is_kept_once_and_read_again(self):
        self.run_program("crawl")
        kept = self.kept()
        self.assertEqual(set(kept), self.named())
        self.assertEqual(len(kept), self.sources * (self.plans + 1))
        self.run_program("crawl")
        self.assertEqual(self.kept(), kept, "nothing is written twice")

        figures = self.figures()
        self.sql("UPDATE page SET read_with = '0.0.1+1'")
        asked = self.site.asked.total()
        told = self.run_program("reextract")
        self.assertIn(f"{self.sources * self.plans} pages read again", told)
        self.assertEqual(self.figures(), figures)
        self.assertEqual(self.site.asked.total(), asked, "nothing is fetched")

    def test_what_is_old_is_dropped_and_the_rest_copied_and_put_back(self):
        self.run_program("crawl")
        first = set(self.kept())
        self.site.changed = {"/s0/0.html", "/s1/3.html"}
        self.run_program("crawl")
        self.assertEqual(len(self.kept()), len(first) + 2)
        self.assertIn("2 snapshots dropped", self.run_program("prune", "0"))
        kept = set(self.kept())
        self.assertTrue(len(kept) == len(first) and len(kept - first) == 2, kept ^ first)

        copy = str(self.folder / "copy")
        self.assertIn(f"{len(kept)} snapshots copied", self.run_program("backup", copy))
        back = {"PLANGRAPH_SNAPSHOTS": "s3://pages/back", "DATABASE_URL": f"sqlite://{self.folder}/back.db?mode=rwc"}
        self.assertIn(f"{len(kept)} snapshots copied", self.run_program("restore", copy, **back))
        self.assertEqual({key.removeprefix("back/") for key in self.kept("back/")},
                         {key.removeprefix("of/plans/") for key in kept})

    def test_what_is_wrong_is_named(self):
        told = self.run_program("crawl", code=1, PLANGRAPH_SNAPSHOTS="s3://nowhere/of/plans")
        self.assertRegex(told, "(?s)s3://nowhere/of/plans.*NoSuchBucket")
        told = self.run_program("crawl", code=1, PLANGRAPH_SNAPSHOTS="gs://pages")
        self.assertIn("neither a folder nor s3://BUCKET/PREFIX", told)
        self.run_program("crawl")
        lost = next(iter(self.kept()))
        self.s3.delete_object(Bucket="pages", Key=lost)
        self.sql("UPDATE page SET read_with = '0.0.1+1'")
        self.assertIn("s3://pages/of/plans", self.run_program("reextract", code=3))


class Away(Bucket):
    pause = 0.4

    def test_a_store_that_is_away_amid_a_crawl_is_waited_for(self):
        log = (self.folder / "log").open("w+")
        self.addCleanup(log.close)
        worker = subprocess.Popen([PROGRAM, "worker"], env=self.environment, stderr=log)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        count = self.sources * self.plans
        eventually("a third of the plans was asked for", lambda: self.site.done() >= count // 3)
        self.server.stop()
        self.assertLess(self.site.done(), count, "the crawl was over before the store was away")
        waits = "SELECT count(*) FROM crawl_run WHERE status = 'queued'"
        eventually("the crawls wait", lambda: self.sql(waits) == [(self.sources,)])
        self.start()
        over = "SELECT (SELECT count(*) FROM crawl_run WHERE status <> 'succeeded'), (SELECT count(*) FROM plan)"
        eventually("all plans are stored", lambda: self.sql(over) == [(0, count)])
        self.assertEqual(set(self.kept()), self.named())
        self.assertEqual(self.sql("SELECT count(*), count(DISTINCT plan_id), max(version) FROM plan_version"), [(count, count, 1)])
        self.assertEqual(self.sql("SELECT count(*) FROM page WHERE state <> 'fresh' OR lease_owner IS NOT NULL"), [(0,)])
        worker.terminate()
        self.assertEqual(worker.wait(60), 0)
        log.seek(0)
        self.assertIn("s3://pages/of/plans", log.read(), "it said what was away")


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    unittest.main(verbosity=2)
