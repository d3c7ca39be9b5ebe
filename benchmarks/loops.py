"""What the worker is measured against: loops written by hand on the clients themselves, around the same pure functions.

    python -m benchmarks.loops aiokafka|kafka-python

They read the same settings, print one line once their partitions are assigned, and run until SIGTERM. They commit after the
broker has confirmed every signal, but nothing else of what the worker promises: no bound on what is in flight but the
batch, no handover at a rebalance, no metrics, no orderly end.
"""

import asyncio
import sys
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams import pipeline
from streams.app.records import Incoming
from streams.app.verdict import Verdict, judge
from streams.kafka import DEAD_LETTER_BYTES
from streams.settings import Settings

_BATCH = 500
_WAIT_MS = 200
_LINGER_MS = 20
_BATCH_BYTES = 262_144


def _verdict(message: Any, settings: Settings) -> Verdict:
    incoming = Incoming(
        message.topic,
        message.partition,
        message.offset,
        message.timestamp,
        message.key,
        message.value,
        tuple(message.headers),
    )
    return judge(incoming, pipeline.read, pipeline.signals, settings.topics)


async def by_aiokafka(settings: Settings) -> None:
    """`getmany`, judge, send, gather the deliveries, commit."""
    server = settings.kafka.bootstrap_servers
    consumer = AIOKafkaConsumer(
        settings.topics.articles,
        bootstrap_servers=server,
        group_id=settings.kafka.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=DEAD_LETTER_BYTES,
    )
    producer = AIOKafkaProducer(bootstrap_servers=server, acks="all", linger_ms=_LINGER_MS, max_batch_size=_BATCH_BYTES)
    await producer.start()
    await consumer.start()
    while not consumer.assignment():
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    while True:
        batches = await consumer.getmany(timeout_ms=_WAIT_MS, max_records=_BATCH)
        deliveries = []
        for message in (each for batch in batches.values() for each in batch):
            for out in _verdict(message, settings).records:
                fields = {"key": out.key, "headers": list(out.headers), "timestamp_ms": out.timestamp_ms}
                deliveries.append(await producer.send(out.topic, out.value, **fields))
            await asyncio.sleep(0)  # the producer shares this loop: let it send
        if batches:
            await asyncio.gather(*deliveries)
            await consumer.commit()


def by_kafka_python(settings: Settings) -> None:
    """`poll`, judge, send, wait for the deliveries, commit."""
    server = settings.kafka.bootstrap_servers
    consumer = KafkaConsumer(
        bootstrap_servers=server,
        group_id=settings.kafka.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=_BATCH,
        max_partition_fetch_bytes=DEAD_LETTER_BYTES,
    )
    producer = KafkaProducer(bootstrap_servers=server, acks="all", linger_ms=_LINGER_MS, batch_size=_BATCH_BYTES)
    # assigned by hand: now and then this client waits for ever for its group's coordinator, at full load
    topic = settings.topics.articles
    consumer.assign([TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)])
    print("ready", flush=True)
    while True:
        batches = consumer.poll(_WAIT_MS)
        deliveries = []
        for message in (each for batch in batches.values() for each in batch):
            for out in _verdict(message, settings).records:
                fields = {"key": out.key, "headers": list(out.headers), "timestamp_ms": out.timestamp_ms}
                deliveries.append(producer.send(out.topic, out.value, **fields))
        for delivery in deliveries:
            delivery.get(60)
        if batches:
            consumer.commit()


if __name__ == "__main__":
    pipeline.load()
    if sys.argv[1] == "aiokafka":
        asyncio.run(by_aiokafka(Settings()))
    else:
        by_kafka_python(Settings())
