"""Language models of providers: with `offering` all that knows pydantic-ai; imported late."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import AgentRunError, ModelHTTPError, UserError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model as ProviderModel
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from atlas.agent.errors import ModelFailed
from atlas.agent.messages import (
    ChatMessage,
    ModelEvent,
    ModelSaid,
    Prompt,
    RecordsSaid,
    TextDelta,
    ToolCall,
    ToolSaid,
    Usage,
)
from atlas.agent.offering import Offers
from atlas.agent.reading import Hear, hear_text, windowed_client

OLLAMA_URL = "http://127.0.0.1:11434/v1"
_GO_ON = "Your answer was cut off. Go on exactly where it stopped and repeat nothing."


class LanguageModel:
    """A provider's model behind the agent's own contract."""

    repeatable = False

    def __init__(self, name: str, provider_model: ProviderModel) -> None:
        self.name = name
        self._model = provider_model
        self._offers = Offers(provider_model)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Yield one turn; raises `ModelFailed` with a sentence and no address or key."""
        said = _Said()
        asking = asyncio.create_task(self._ask(prompt, said.put), name="model-asking")
        try:
            async for text in said.until(asking):
                yield TextDelta(text)
            response = await asking
        except ModelHTTPError as error:
            raise _http_failure(error) from error
        except (AgentRunError, UserError, OSError) as error:
            raise _unreachable() from error
        except Exception as error:
            # The providers' clients and httpx have no common family of errors.
            if type(error).__module__.partition(".")[0] in _CLIENTS:
                raise _unreachable() from error
            raise
        finally:
            asking.cancel()
            await asyncio.wait({asking})
        for call in _calls(response):
            yield call
        yield Usage(response.usage.input_tokens, response.usage.output_tokens)

    async def _ask(self, prompt: Prompt, hear: Hear) -> ModelResponse:
        """Give all text on as it comes, whether the client makes events of it or not."""
        hear_text(hear)
        offer = self._offers.of(prompt.tools)
        async with model_request_stream(
            self._model,
            _messages(prompt),
            model_settings=offer.settings,
            model_request_parameters=offer.parameters,
        ) as stream:
            async for event in stream:
                if text := _text_of(event):
                    hear(text)
            return stream.get()


class _Said:
    """Text between the task that asks and whoever reads along."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._news = asyncio.Event()

    def put(self, text: str) -> None:
        self._texts.append(text)
        self._news.set()

    async def until(self, asking: asyncio.Task[ModelResponse]) -> AsyncIterator[str]:
        """Yield what there is, until the task has ended and everything was given."""
        asking.add_done_callback(lambda _task: self._news.set())
        while self._texts or not asking.done():
            await self._news.wait()
            self._news.clear()
            text, self._texts = "".join(self._texts), []
            if text:
                yield text


_CLIENTS = {"openai", "anthropic", "httpx", "httpcore", "httpx2", "httpcore2"}


def language_model(
    kind: str, name: str, *, base_url: str | None, api_key: str | None
) -> LanguageModel:
    """Return the model of a provider: openai, anthropic, ollama, or any compatible base URL.

    Raises `ModelFailed` when the provider is unknown or its key is missing.
    """
    key = api_key or ("none" if base_url or kind == "ollama" else None)
    if key is None:
        raise ModelFailed(
            _("The model needs a key. Set ATLAS_MODEL_API_KEY and restart."),
            code="model_no_key",
            retryable=False,
        )
    if kind == "anthropic":
        anthropic = AnthropicProvider(api_key=key, base_url=base_url)
        return LanguageModel(name, AnthropicModel(name, provider=anthropic))
    if kind in {"openai", "ollama"}:
        url = base_url or (OLLAMA_URL if kind == "ollama" else None)
        openai = OpenAIProvider(api_key=key, base_url=url, http_client=windowed_client())
        # Else a stream that ends early would count as a complete answer.
        profile = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
        return LanguageModel(name, OpenAIChatModel(name, provider=openai, profile=profile))
    raise ModelFailed(
        _("The provider “%(kind)s” of ATLAS_MODEL is not known. Use openai, anthropic or ollama.")
        % {"kind": kind},
        code="model_unknown",
        retryable=False,
    )


def _text_of(event: object) -> str:
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _calls(response: ModelResponse) -> list[ToolCall]:
    if response.finish_reason is None:
        # Whoever ends a stream early but properly, as some proxies do, cut it all the same.
        raise _unreachable()
    return [_call(part) for part in response.parts if isinstance(part, ToolCallPart)]


def _call(part: ToolCallPart) -> ToolCall:
    try:
        arguments: dict[str, Any] = part.args_as_dict()
    except ValueError:
        arguments = {"arguments": "not JSON"}
    return ToolCall(part.tool_call_id, part.tool_name, arguments)


def _messages(prompt: Prompt) -> list[ModelMessage]:
    messages: list[ModelMessage] = [ModelRequest(parts=[SystemPromptPart(prompt.system)])]
    messages += [_message(message) for message in prompt.messages]
    if prompt.resumed:
        messages.append(ModelResponse(parts=[TextPart(prompt.resumed)]))
        messages.append(ModelRequest(parts=[UserPromptPart(_GO_ON)]))
    return messages


def _message(message: ChatMessage) -> ModelMessage:
    if isinstance(message, ModelSaid):
        parts: Sequence[TextPart | ToolCallPart] = [
            *([TextPart(message.text)] if message.text else []),
            *(ToolCallPart(call.name, call.arguments, call.id) for call in message.calls),
        ]
        return ModelResponse(parts=parts)
    if isinstance(message, ToolSaid):
        return ModelRequest(parts=[ToolReturnPart(message.name, message.content, message.call_id)])
    text = message.marked if isinstance(message, RecordsSaid) else message.text
    return ModelRequest(parts=[UserPromptPart(text)])


def _http_failure(error: ModelHTTPError) -> ModelFailed:
    if error.status_code == 429:
        return ModelFailed(
            _("The model's provider takes no more questions now. Wait a minute and try again."),
            code="model_rate_limit",
        )
    if error.status_code in {401, 403}:
        return ModelFailed(
            _("The model's provider refused the key. Check ATLAS_MODEL_API_KEY."),
            code="model_auth",
            retryable=False,
        )
    return ModelFailed(_("The model's provider answered with an error. Try again."))


def _unreachable() -> ModelFailed:
    return ModelFailed(
        _("The model did not answer to the end. Try again; what was written is kept."),
        code="model_unreachable",
    )
