"""`make bench`: what classifying costs. The benchmarks of replay need a Kafka and take minutes: run them by name."""

from benchmarks.classify import main
from streams.text.seedfile import SEEDS

main(SEEDS / "articles" / "diplomacy.articles.jsonl")
print("\nAlso, each as python -m benchmarks.NAME: replay, replay_delay, replay_resume, keyword_matcher")
