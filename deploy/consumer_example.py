"""Keeps each signal once, whatever is delivered twice: consumer_example.py BROKERS DATABASE TOPIC…"""

import json
import sqlite3
import sys

from kafka import KafkaConsumer

brokers, database, *topics = sys.argv[1:]
store = sqlite3.connect(database)
store.execute("CREATE TABLE IF NOT EXISTS signals (ce_id TEXT PRIMARY KEY, kind TEXT, payload TEXT)")
options = {"auto_offset_reset": "earliest", "enable_auto_commit": False, "session_timeout_ms": 10_000}
consumer = KafkaConsumer(*topics, bootstrap_servers=brokers, group_id="signal-store", **options)
for record in consumer:
    identity = dict(record.headers)["ce_id"].decode()
    signal = json.loads(record.value)
    row = (identity, signal["kind"], json.dumps(signal["payload"]))
    with store:
        new = store.execute("INSERT OR IGNORE INTO signals VALUES (?, ?, ?)", row).rowcount
    consumer.commit()  # after the store: a crash in between delivers the record again, and the store has it already
    if new:
        print(*row, flush=True)
