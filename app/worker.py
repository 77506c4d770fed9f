"""Celery: the sentinel's work on as many machines as wanted, woken every few seconds.

Nothing that matters is in the broker: a task says only « look », and every due time is a row in
PostgreSQL. So there is never an ETA or a countdown, results are not kept, and a lost task costs
nothing. Settings follow what was measured of Celery on Redis (docs/decisions/0020).
"""

import socket

from celery import Celery

from alerts import tasks as alert_tasks
from core import heartbeat
from core.settings import settings
from messages import tasks as message_tasks

EXPIRES_SECONDS = 10
"""A « look » that nobody took for so long is thrown away: the next one says the same."""


def beat() -> None:
    """Note that a worker took a task from the broker and reached the database."""
    heartbeat.beat("worker", socket.gethostname())


SCHEDULE_SECONDS = {
    "alerts.review": 2.0,
    "alerts.escalate_due": 5.0,
    "alerts.watch_model": 600.0,
    "alerts.ask_risks": 5.0,
    "messages.send_due": 2.0,
    "alerts.rescore_due": 5.0,
    "core.beat": 10.0,
}

CONFIGURATION = {
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "broker_transport_options": {"visibility_timeout": 120},
    "broker_connection_retry_on_startup": True,
    "enable_utc": True,
    "timezone": "UTC",
    "worker_hijack_root_logger": False,
    "beat_max_loop_interval": 5,
    "beat_schedule": {
        name: {"task": name, "schedule": seconds, "options": {"expires": EXPIRES_SECONDS}}
        for name, seconds in SCHEDULE_SECONDS.items()
    },
}


def make_celery() -> Celery:
    """Return the Celery application with every task registered."""
    celery = Celery("chevet", broker=settings().redis_url)
    celery.conf.update(CONFIGURATION)
    celery.task(name="alerts.review")(alert_tasks.review)
    celery.task(name="alerts.escalate_due")(alert_tasks.escalate_due)
    celery.task(name="alerts.rescore_due")(alert_tasks.rescore_due)
    celery.task(name="alerts.rescore_share")(alert_tasks.rescore_share)
    celery.task(name="alerts.watch_model")(alert_tasks.watch_model)
    celery.task(name="alerts.ask_risks")(alert_tasks.ask_risks)
    celery.task(name="messages.send_due")(message_tasks.send_due)
    celery.task(name="core.beat")(beat)
    return celery


def run_worker() -> None:
    """Run tasks until told to stop."""
    make_celery().worker_main(
        [
            *("worker", "--concurrency=2", "--loglevel=WARNING"),
            *("--without-gossip", "--without-mingle"),
            f"--queues=celery,{alert_tasks.RESCORING}",
        ]
    )


def run_beat() -> None:
    """Wake the tasks at their intervals until told to stop."""
    state = settings().state_dir
    state.mkdir(parents=True, exist_ok=True)
    make_celery().Beat(schedule=str(state / "beat-schedule"), loglevel="WARNING").run()
