"""The worker: articles from Kafka in, signals and dead letters out, nothing acknowledged before the broker confirmed."""

from streams.app.build import LaneApp, build_app, group_name, lane_topic

__all__ = ["LaneApp", "build_app", "group_name", "lane_topic"]
