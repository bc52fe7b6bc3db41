"""Hands a task to Celery."""

import asyncio

from celery import Celery

from wearon_common.celery_app import GENERATE
from wearon_common.task import GenerationTask


class Publisher:
    """Publishes on the queue of the task's channel, under the task's own id."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    async def publish(self, task: GenerationTask) -> None:
        """Publish once, or raise; publishing twice is harmless because generators claim the session."""
        await asyncio.to_thread(self._send, task)

    def _send(self, task: GenerationTask) -> None:
        self._app.send_task(
            GENERATE,
            args=[task.model_dump(mode="json", exclude_none=True)],
            queue=task.channel.traits.queue,
            task_id=task.task_id,
            headers={"session_id": task.session_id},  # readable by the sweeper without decoding the body
            argsrepr="(task,)",  # Celery's events would show the signed URLs and the prompt
            kwargsrepr="{}",
            retry=False,
        )
