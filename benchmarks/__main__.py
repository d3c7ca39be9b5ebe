"""`make bench`: what classifying costs. The benchmarks of replay need a Kafka and take minutes: run them by name."""

from benchmarks.classify import main
from streams.text.seedfile import SEEDS

main(SEEDS / "articles" / "diplomacy.articles.jsonl")
print("\nAlso: python -m benchmarks.replay, python -m benchmarks.replay_delay, python -m benchmarks.keyword_matcher")
