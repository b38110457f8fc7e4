"""create_plugin validates at call time, names plugin and field, and never shows a value."""

import pytest
from pydantic import Field, SecretStr, field_validator

from plugins_app.sdk import (
    FatalConfigurationError,
    Plugin,
    PluginConfig,
    PluginConfigError,
    PluginShapeError,
    create_plugin,
    define_plugin,
)

CANARY = "canary-7f3a91"


class Config(PluginConfig):
    url: str = Field(min_length=1)
    pool_size: int = Field(default=10, gt=0, le=500)
    key: SecretStr = SecretStr("")

    @field_validator("url")
    @classmethod
    def starts_right(cls, url):
        if not url.startswith("postgresql://"):
            raise ValueError(f"{url} must start with postgresql://")
        return url

    @field_validator("key")
    @classmethod
    def is_known(cls, key):
        if key.get_secret_value() == CANARY:
            raise ValueError(f"the key {key.get_secret_value()} is revoked")
        return key


class Provider:
    def load(self):
        return "text"


def build(config):
    return Plugin(
        id="warehouse",
        types=("context",),
        version="1.0.0",
        config=config,
        context_provider=Provider(),
    )


factory = create_plugin(config_model=Config, create=build, label="warehouse")


def test_factory_returns_the_plugin_with_defaults_filled():
    plugin = factory(url="postgresql://localhost/x")
    assert (plugin.id, plugin.types, plugin.config.pool_size) == ("warehouse", ("context",), 10)


def test_factory_accepts_a_mapping_and_options_together():
    plugin = factory({"url": "postgresql://localhost/x", "pool_size": 3}, pool_size=4)
    assert plugin.config.pool_size == 4


def test_factory_gives_an_id_of_its_own_so_that_two_live_side_by_side():
    first = factory(url="postgresql://a/x", id="first")
    second = factory(url="postgresql://b/x", id="second")
    assert (first.id, second.id) == ("first", "second")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, 'Plugin "warehouse" has an invalid configuration: url: Field required.'),
        (
            {"url": "postgresql://x", "pool_size": 501},
            'Plugin "warehouse" has an invalid configuration:'
            " pool_size: Input should be less than or equal to 500.",
        ),
        (
            {"url": "postgresql://x", "colour": CANARY},
            'Plugin "warehouse" has an invalid configuration:'
            " colour: Extra inputs are not permitted.",
        ),
        (
            {"url": f"mysql://root:{CANARY}@h/x"},
            'Plugin "warehouse" has an invalid configuration:'
            " url: *** must start with postgresql://.",
        ),
        (
            {"url": "postgresql://x", "key": CANARY},
            'Plugin "warehouse" has an invalid configuration: key: the key *** is revoked.',
        ),
        (
            {"url": "postgresql://x", "key": SecretStr(CANARY)},
            'Plugin "warehouse" has an invalid configuration: key: the key *** is revoked.',
        ),
    ],
)
def test_factory_names_plugin_and_field_and_no_value(options, message):
    with pytest.raises(PluginConfigError) as caught:
        factory(**options)
    assert str(caught.value) == message
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_factory_names_every_wrong_field():
    with pytest.raises(PluginConfigError, match=r"url: .*; pool_size: .*"):
        factory(url="", pool_size=0)


def test_factory_uses_the_given_id_in_its_errors():
    with pytest.raises(PluginConfigError, match='Plugin "other" has an invalid'):
        factory(id="other")


def test_factory_reports_a_create_that_raises_without_its_text():
    def create(config):
        raise RuntimeError(CANARY)

    with pytest.raises(PluginConfigError) as caught:
        create_plugin(config_model=Config, create=create)(url="postgresql://x")
    assert CANARY not in str(caught.value)
    assert "create() raised RuntimeError" in str(caught.value)


def test_factory_lets_errors_of_the_sdk_through():
    def create(config):
        raise FatalConfigurationError("no licence")

    with pytest.raises(FatalConfigurationError, match=r"^no licence$"):
        create_plugin(config_model=Config, create=create)(url="postgresql://x")


def test_factory_refuses_a_create_that_returns_no_plugin():
    broken = create_plugin(config_model=Config, create=lambda config: {"id": "x"}, label="broken")
    with pytest.raises(PluginConfigError, match=r'^Plugin "broken": create\(\) must return'):
        broken(url="postgresql://x")


def test_factory_checks_the_shape_of_what_create_returns():
    broken = create_plugin(
        config_model=Config,
        create=lambda config: Plugin(id="broken", types=("action",), version=""),
    )
    with pytest.raises(PluginShapeError, match=r'^Plugin "broken": version must not be empty\.$'):
        broken(url="postgresql://x")


def test_configuration_is_frozen():
    plugin = factory(url="postgresql://x")
    with pytest.raises(ValueError, match="frozen"):
        plugin.config.url = "other"


def test_define_plugin_returns_the_same_object():
    plugin = build(None)
    assert define_plugin(plugin) is plugin


def test_a_plugin_does_not_show_its_configuration():
    assert "postgresql" not in repr(factory(url="postgresql://root:x@h/y"))


class Sizes:
    """A configuration model that is no pydantic model."""

    def parse(self, raw):
        if "size" not in raw:
            raise KeyError("size is missing")
        if not str(raw["size"]).isdigit():
            raise ValueError(f"size must be a number, not {raw['size']}")
        if raw.get("url", "").startswith("mysql"):
            raise ValueError(f"cannot connect as {raw['url'][13:26]}")
        if raw["size"] == "0":
            raise ValueError
        return int(raw["size"])


sizes = create_plugin(
    config_model=Sizes(),
    create=lambda size: Plugin(id="sized", types=("action",), version="1.0.0", config=size),
    label="sized",
)
PARSER_COMPLAINTS = [
    ({}, "configuration: 'size is missing'"),
    ({"size": CANARY}, "size must be a number, not ***"),
    ({"size": "0"}, "configuration: parse() raised ValueError"),
    ({"size": "12", "url": f"mysql://root:{CANARY}@h/x"}, "configuration: cannot connect as ***"),
]


def test_a_parser_takes_the_place_of_the_model():
    assert sizes(size="12").config == 12


@pytest.mark.parametrize(("options", "complaint"), PARSER_COMPLAINTS)
def test_a_parser_that_raises_refuses_without_showing_a_value(options, complaint):
    with pytest.raises(PluginConfigError) as caught:
        sizes(**options)
    assert str(caught.value) == f'Plugin "sized" has an invalid configuration: {complaint}.'
    assert caught.value.__context__ is None


def test_a_model_that_cannot_parse_is_refused():
    with pytest.raises(PluginConfigError, match="must be a pydantic model or have a parse method"):
        create_plugin(config_model=object(), create=build)
