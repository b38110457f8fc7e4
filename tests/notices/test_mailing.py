"""Which mail server notices go through, and what is said of values that cannot be used."""

import pytest

from atlas import mailing
from atlas.common.errors import AtlasError
from atlas.env import read
from atlas.management import doctor
from atlas.notices.mail import mail_server
from atlas.notices.models import Notice, NoticeStatus
from tests.notices.post_office import open_post_office

SITE = "https://atlas.example.com"
GOOD = {
    "ATLAS_MAIL_URL": "smtp+starttls://me:p%40ss@mail.example.com",
    "ATLAS_MAIL_FROM": "atlas@example.com",
    "ATLAS_URL": SITE + "/",
}


def configured(tmp_path, **variables):
    return mailing.configured(read({"ATLAS_DATA_DIR": str(tmp_path), **variables}))


def test_without_a_server_notices_are_off(tmp_path):
    assert configured(tmp_path) is None


def test_the_url_names_server_login_and_encryption(tmp_path):
    server = configured(tmp_path, **GOOD)

    assert (server.host, server.port, server.user, server.password) == (
        "mail.example.com",
        587,
        "me",
        "p@ss",
    )
    assert server.site == SITE
    assert "p@ss" not in str(server)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ATLAS_MAIL_URL": "http://mail.example.com"}, "mail_url"),
        ({"ATLAS_MAIL_URL": "mail.example.com"}, "mail_url"),
        ({"ATLAS_MAIL_URL": "smtp://mail.example.com:port"}, "mail_url"),
        ({"ATLAS_MAIL_FROM": ""}, "mail_from"),
        ({"ATLAS_MAIL_FROM": "Atlas <a@example.com>"}, "mail_from"),
        ({"ATLAS_URL": ""}, "mail_site"),
        ({"ATLAS_URL": "atlas.example.com"}, "mail_site"),
    ],
)
def test_a_value_that_cannot_be_used_switches_them_off_and_is_named(tmp_path, caplog, change, code):
    variables = {"ATLAS_DATA_DIR": str(tmp_path), **GOOD, **change}
    with pytest.raises(AtlasError) as error:
        mailing.configured(read(variables))

    assert error.value.code == code
    assert mailing.usable(read(variables)) is None
    assert "p%40ss" not in error.value.user_message + caplog.text


def test_links_begin_with_the_first_origin_otherwise(tmp_path):
    origins = {**GOOD, "ATLAS_URL": "", "ATLAS_ORIGINS": f"{SITE},https://other.example.com"}
    assert configured(tmp_path, **origins).site == SITE


@pytest.mark.parametrize(("scheme", "port"), [("smtp", 25), ("smtp+starttls", 587), ("smtps", 465)])
def test_each_scheme_has_its_port(scheme, port):
    assert mail_server(f"{scheme}://mail.example.com", "a@example.com", SITE).port == port


def found(monkeypatch, server):
    monkeypatch.setattr(doctor.mailing, "configured", lambda _env: server)
    return [(one.level.value, one.label) for one in doctor.notices_section()]


@pytest.mark.django_db
def test_doctor_says_whether_they_can_be_sent(monkeypatch, ann):
    assert found(monkeypatch, None) == [("pass", "Email notices")]
    with open_post_office() as office:
        good = [("pass", "Email notices"), ("pass", "Mail server")]
        assert found(monkeypatch, office.server) == good
        Notice.objects.create(person=ann, kind="k", subject="s", status=NoticeStatus.REFUSED)
        assert found(monkeypatch, office.server) == [*good, ("warn", "Notices")]
    away = [("pass", "Email notices"), ("warn", "Mail server"), ("warn", "Notices")]
    assert found(monkeypatch, office.server) == away
