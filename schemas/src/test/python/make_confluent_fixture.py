# SPDX-License-Identifier: Apache-2.0
"""Writes records with Confluent's own Python client, for Java to read; and reads with it what Java wrote.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install 'confluent-kafka[avro,schemaregistry]'
    /tmp/venv/bin/python schemas/src/test/python/make_confluent_fixture.py           # writes src/test/resources/confluent
    /tmp/venv/bin/python schemas/src/test/python/make_confluent_fixture.py --check   # after a build: reads target/confluent

Confluent's AvroSerializer and AvroDeserializer do the work, over HTTP, with a small registry in this file: it numbers
schemas and gives them back. By default the numbers begin at 258, so that a wrong byte order in the id shows.
"""

import argparse
import json
import pathlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

MODULE = pathlib.Path(__file__).resolve().parents[3]
FIXTURES = MODULE / "src/test/resources/confluent"
WRITTEN_BY_JAVA = MODULE / "target/confluent"

ROLLOUT = {
    "job_id": "math-7b",
    "group_id": "query/42",
    "group_attempt": 1,
    "index": 3,
    "group_size": 4,
    "messages": [
        {"role": "system", "content": "Answer in one line."},
        {"role": "user", "content": "Wie weit ist der Mond? \u6708\u7403\u6709\u591a\u8fdc\uff1f \U0001f319"},
    ],
    "response": "384\u202f400 km \u2014 \\boxed{384400}\nline two\t\u0000end",
    "label": None,
    "reference": "\u7ea6 38 \u4e07\u516c\u91cc",
    "policy_version": 9007199254740993,
    "deadline_ms": None,
    "k": 8,
    "k_meta": None,
    "panel_size": 4,
    "goal": "best",
    "hint": 2,
    "prompt_token_ids": [1, 771, 151643],
    "response_token_ids": [7, 3],
    "response_logprobs": [-0.25, -1.5],
    "metadata": {"domain": "astronom\u00eda"},
}

GROUP_REWARD = {
    "job_id": "math-7b",
    "group_id": "query/42",
    "group_attempt": 0,
    "group_size": 3,
    "policy_version": None,
    "status": "PARTIAL",
    "reason": "MEMBERS_MISSING",
    "detail": "member 2 did not arrive \u2013 \u7b2c\u4e09\u4e2a",
    "stop_reason": "DECIDED",
    "members": [
        {"index": 0, "status": "SCORED", "reason": None, "reward": 7.5, "score_sum": 15, "kept_votes": 2,
         "valid_votes": 2, "spread": 0.7071067811865476, "judged_as": None, "rule": None, "marks": []},
        {"index": 1, "status": "SCORED", "reason": None, "reward": 7.5, "score_sum": 15, "kept_votes": 2,
         "valid_votes": 2, "spread": 0.7071067811865476, "judged_as": 0, "rule": None, "marks": ["self-praise"]},
        {"index": 2, "status": "MISSING", "reason": "MEMBERS_MISSING", "reward": None, "score_sum": 0, "kept_votes": 0,
         "valid_votes": 0, "spread": None, "judged_as": None, "rule": None, "marks": []},
    ],
    "best": 0,
    "tied_top": False,
    "hinted": False,
    "votes": [
        {"panel": 0, "sample": 0, "status": "OK", "reason": None, "meta_logit": -1.25,
         "scores": [{"index": 0, "score": 7, "kept": True, "value": 6.875}], "judge": "strict", "replaced": None},
        {"panel": 0, "sample": 1, "status": "OK", "reason": None, "meta_logit": 3.5,
         "scores": [{"index": 0, "score": 8, "kept": True, "value": None}], "judge": "mild",
         "replaced": "strict"},
        {"panel": 0, "sample": 2, "status": "INVALID", "reason": "NO_BOX", "meta_logit": None, "scores": [],
         "judge": None, "replaced": None},
    ],
    "jury": [
        {"name": "strict", "weight": 1.0, "factor": 1.25, "offset": -1.875, "asked": 2, "valid": 1, "replaced": 1},
        {"name": "mild", "weight": 0.5, "factor": 1.0, "offset": 0.0, "asked": 1, "valid": 1, "replaced": 0},
    ],
    "k": 5,
    "goal": "best",
    "confidence": 0.97,
    "change_chance": 0.015625,
    "samples_spent": 3,
    "k_meta": None,
    "panel_size": 8,
    "samples_requested": 3,
    "samples_received": 3,
    "samples_valid": 2,
    "models": ["openai:some-model@v1"],
    "meta_models": [],
    "prompt_tokens": 3000000000,
    "completion_tokens": 512,
    "opened_ms": 1790000000000,
    "judging_ms": 1790000000100,
    "closed_ms": 1790000004321,
}

CASES = {
    "rollout": ("rollouts", "Rollout", ROLLOUT),
    "group-reward": ("rewards", "GroupReward", GROUP_REWARD),
}


class Registry:
    """Numbers schemas over HTTP, as much as Confluent's client asks for."""

    def __init__(self, first_id=258):
        self.schemas = {}
        self.first_id = first_id
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.reply(200, {"id": registry.number(body["schema"]), "schema": body["schema"], "version": 1,
                                 "subject": self.path.split("/")[2]})

            def do_GET(self):
                parts = self.path.split("?")[0].split("/")
                text = registry.schemas.get(int(parts[3])) if parts[1:3] == ["schemas", "ids"] else None
                if text is None:
                    self.reply(404, {"error_code": 40403, "message": "Schema not found"})
                else:
                    self.reply(200, {"schema": text, "schemaType": "AVRO"})

            def reply(self, status, answer):
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.client = SchemaRegistryClient({"url": f"http://127.0.0.1:{self.server.server_port}"})

    def number(self, text):
        for known, existing in self.schemas.items():
            if existing == text:
                return known
        number = self.first_id + len(self.schemas)
        self.schemas[number] = text
        return number


def newest(record):
    """The contract as a user of the repository would take it."""
    files = (MODULE / "history" / record).glob("*.avsc")
    return max(files, key=lambda path: int(path.stem)).read_text(encoding="utf-8")


def make():
    registry = Registry()
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name, (topic, record, value) in CASES.items():
        serializer = AvroSerializer(registry.client, newest(record))
        data = serializer(value, SerializationContext(topic, MessageField.VALUE))
        number = int.from_bytes(data[1:5], "big")
        fixture = {
            "writer": f"confluent-kafka {version('confluent-kafka')}, fastavro {version('fastavro')}",
            "topic": topic,
            "schema_id": number,
            "schema": registry.schemas[number],
            "value": value,
            "hex": data.hex(),
        }
        (FIXTURES / f"{name}.json").write_text(json.dumps(fixture, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {len(data)} bytes, schema id {number}")


def check():
    files = sorted(WRITTEN_BY_JAVA.glob("*.json"))
    if not files:
        raise SystemExit(f"nothing in {WRITTEN_BY_JAVA}: run the tests of the module first")
    for file in files:
        written = json.loads(file.read_text(encoding="utf-8"))
        registry = Registry(written["schema_id"])
        registry.number(written["schema"])
        read = AvroDeserializer(registry.client)(
            bytes.fromhex(written["hex"]), SerializationContext(written["topic"], MessageField.VALUE))
        if read != written["value"]:
            raise SystemExit(f"{file.name}: Python read {read}, Java wrote {written['value']}")
        print(f"{file.name}: the same")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="read what Java wrote instead")
    check() if parser.parse_args().check else make()
