"""The endpoints that tests and demos steer the stub with; OpenAI has nothing like them.

`POST /__script` puts a JSON list of rules (`script.Rule`) behind those in force, `DELETE /__script` drops
all; `GET /__record` returns the calls (`record.Call`) as a JSON list, `DELETE /__record` forgets them.
"""

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearon_devkit.openai_local.record import CallRecord
from wearon_devkit.openai_local.script import Rule, Script

RULES = TypeAdapter(list[Rule])


class Control:
    """Changes the script and shows the record."""

    def __init__(self, script: Script, record: CallRecord) -> None:
        self._script = script
        self._record = record

    async def add_rules(self, request: Request) -> Response:
        """Add rules; 422 with Pydantic's list of mistakes when one is malformed, and then none is added."""
        try:
            rules = RULES.validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse(error.errors(include_url=False, include_context=False), 422)
        self._script.append(rules)
        return Response(status_code=204)

    async def clear_script(self, _request: Request) -> Response:
        """Drop all rules."""
        self._script.clear()
        return Response(status_code=204)

    async def show_record(self, _request: Request) -> Response:
        """Return all recorded calls, oldest first."""
        return JSONResponse(self._record.as_json())

    async def clear_record(self, _request: Request) -> Response:
        """Forget all recorded calls."""
        self._record.clear()
        return Response(status_code=204)
