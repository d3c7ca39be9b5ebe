"""The worker: articles from Kafka in, signals and dead letters out, nothing acknowledged before the broker confirmed."""
