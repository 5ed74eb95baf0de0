"""The configuration: defaults, file, environment, references, and refusals that name every problem."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from config.channels import EmailSettings, FeedSettings, WebhookSettings, parse_smtp
from config.secret import reveal
from config.settings import ConfigError, PolicySettings, Settings
from storage.records import Materiality, PolicyKind, Verdict

EXAMPLE = Path(__file__).parents[2] / "config" / "clausewatch.example.toml"
SECRET = "whsec_" + "QUJD" * 10


def problems_of(tmp_path: Path, text: str, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    path = tmp_path / "clausewatch.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        Settings.load(path, environ or {})
    return caught.value.problems


def uncommented(text: str) -> str:
    """The example with its examples switched on: a comment that holds a key or a table becomes one."""
    lines = []
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        switched_on = bare != line and (bare.startswith("[[") or " = " in bare.split("#")[0])
        lines.append(bare if switched_on else line)
    return "\n".join(lines)


def test_without_a_file_everything_works_on_defaults() -> None:
    """No file and no variables give the documented defaults."""
    settings = Settings.load(None, {})
    assert settings.store.path == Path("clausewatch.db")
    assert settings.schedule.every == 12 * 3600
    assert settings.schedule.confirm_after == 600
    assert settings.fetch.allow_networks == ()
    assert settings.policies == ()


def test_only_the_variables_handed_over_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The environment of the process is never read behind the caller's back."""
    monkeypatch.setenv("CLAUSEWATCH_STORE__PATH", "elsewhere.db")
    assert Settings.load(None, {}).store.path == Path("clausewatch.db")


def test_the_example_file_is_valid_and_says_the_defaults() -> None:
    """The documented file loads, and what it sets is what would hold without it."""
    assert Settings.load(EXAMPLE, {}) == Settings.load(None, {})


def test_every_key_the_example_shows_is_a_real_key(tmp_path: Path) -> None:
    """With all its comments switched on the example still loads, so no documented key is invented."""
    path = tmp_path / "all.toml"
    text = uncommented(EXAMPLE.read_text("utf-8")).replace("file:/run/secrets/smtp_password", "pw")
    path.write_text(text)
    environ = {"HEARTBEAT_URL": "https://beat.example", "CLAUSEWATCH_HOOK_SECRET": SECRET, "EXPLAIN_KEY": "k"}
    settings = Settings.load(path, environ)
    assert [c.name for c in settings.channel] == ["legal", "hook", "news"]
    assert settings.policy[0].every == 6 * 3600


def test_the_example_names_every_key_of_the_schema() -> None:
    """A key that exists is documented: the example mentions each one."""
    text = EXAMPLE.read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"[{name}]" in text or f"[[{name}]]" in text
        for key in getattr(type(field.default), "model_fields", {}):
            assert f"{key} = " in text, f"{name}.{key}"
    for table in (PolicySettings, EmailSettings, WebhookSettings, FeedSettings):
        for key, field in table.model_fields.items():
            assert f"# {field.alias or key} = " in text, f"{table.__name__}.{key}"


def test_environment_wins_over_the_file_key_by_key(tmp_path: Path) -> None:
    """A variable replaces its own key and leaves its neighbours as the file set them."""
    path = tmp_path / "c.toml"
    path.write_text('[fetch]\ntimeout_s = 5\nhost_interval_s = 3\n[schedule]\nevery = "1h"\n')
    environ = {
        "CLAUSEWATCH_FETCH__TIMEOUT_S": "7",
        "CLAUSEWATCH_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8", "::1/128"]',
        "CLAUSEWATCH_SCHEDULE__EVERY": "2s",
        "CLAUSEWATCH_FETCH__RESPECT_ROBOTS": "false",
    }
    settings = Settings.load(path, environ)
    assert settings.fetch.timeout_s == 7
    assert settings.fetch.host_interval_s == 3
    assert settings.fetch.respect_robots is False
    assert settings.fetch.allow_networks == (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    assert settings.schedule.every == 2


def test_policies_and_channels_come_from_the_environment_as_json() -> None:
    """Tables in lists are JSON in a variable."""
    environ = {
        "CLAUSEWATCH_POLICY": '[{"url": "https://example.com/terms", "kind": "terms", "every": "90s"}]',
        "CLAUSEWATCH_CHANNEL": '[{"name": "m", "type": "email", "to": ["a@example.com"],'
        ' "smtp": "smtp://127.0.0.1:1025", "min_materiality": "high", "verdicts": ["silent"]}]',
    }
    settings = Settings.load(None, environ)
    (policy,) = settings.policies
    assert (policy.id, policy.kind, policy.every_s) == ("example-com-terms", PolicyKind.TERMS, 90)
    (channel,) = settings.channel
    assert isinstance(channel, EmailSettings)
    assert channel.min_materiality is Materiality.HIGH
    assert channel.verdicts == (Verdict.SILENT,)


def test_every_problem_is_listed_at_once_with_its_place(tmp_path: Path) -> None:
    """One refusal names each wrong key, by table and key or by variable, and suggests what was meant."""
    found = problems_of(
        tmp_path,
        """
        [schedule]
        evry = "12h"
        every = 12
        confirm_after = "ten minutes"
        [fetch]
        timeout_s = -1
        allow_networks = ["10.0.0.0/8", "nonsense"]
        [fetsch]
        a = 1
        [[policy]]
        url = "ftp://example.com"
        [[policy]]
        url = "https://example.com/p"
        channels = ["legl"]
        [[policy]]
        url = "https://example.com/p"
        [[channel]]
        name = "legal"
        type = "email"
        to = ["a@example.com", "nope"]
        smtp = "smtp://"
        digset = "daily"
        [[channel]]
        name = "legal"
        type = "pigeon"
        """,
        {"CLAUSEWATCH_FETCH__RESPECT_ROBOTS": "maybe", "CLAUSEWATCH_FECH__X": "1", "CLAUSEWATCH_LOG": "x"},
    )
    wanted = [
        "[schedule] evry: is no key that is known; did you mean every?",
        '[schedule] every: needs its unit: "12s", "12m", "12h" or "12d" (is 12)',
        "[schedule] confirm_after: takes a duration",
        "[fetch] timeout_s: must be greater than 0",
        "[fetch] allow_networks: takes networks such as",
        "[fetsch]: is no key that is known; did you mean fetch?",
        '[[policy]] 1 ("ftp://example.com") url: takes an address',
        "there is no channel 'legl'; did you mean legal?",
        "id: 'example-com-p' is used twice",
        '[[channel]] 1 ("legal") to 2: takes a mail address',
        '[[channel]] 1 ("legal") smtp: takes a mail server\'s address',
        '[[channel]] 1 ("legal") digset: is no key that is known; did you mean digest?',
        '[[channel]] 2 ("legal") type: must be',
        "name: 'legal' is used twice",
        "CLAUSEWATCH_FETCH__RESPECT_ROBOTS: must be a valid boolean",
        "CLAUSEWATCH_FECH__X: is no setting that is known; did you mean fetch?",
        "CLAUSEWATCH_LOG: is a table of keys",
    ]
    for line in wanted:
        assert any(line in problem for problem in found), (line, found)
    assert len(found) == len(wanted)
    assert all("\n" not in problem for problem in found)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[store\n", "no valid TOML"), (b"\xff\xfe\x00", "no UTF-8 text"), (None, "cannot be read")],
)
def test_an_unreadable_file_is_one_clear_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    """Broken TOML, no text at all and a missing file each name the file and the trouble."""
    path = tmp_path / "c.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        Settings.load(path, {})
    (line,) = caught.value.problems
    assert str(path) in line
    assert said in line


def test_secrets_stay_references_until_used_and_are_never_shown(tmp_path: Path) -> None:
    """A secret by reference is read at the moment of use, so a rotated file counts, and no print shows it."""
    file = tmp_path / "smtp"
    file.write_text("smtp://me:hunter2@mail.example.com\n")
    config = tmp_path / "c.toml"
    config.write_text(
        f'[[channel]]\nname="m"\ntype="email"\nto=["a@example.com"]\nsmtp="file:{file}"\n'
        '[[channel]]\nname="h"\ntype="webhook"\nurl="env:HOOK"\nsecret="env:KEY"\n'
    )
    environ = {"HOOK": "https://hooks.example.com/T0KEN", "KEY": SECRET}
    settings = Settings.load(config, environ)
    mail, hook = settings.channel
    assert isinstance(mail, EmailSettings)
    assert isinstance(hook, WebhookSettings)
    assert reveal(hook.secret, environ) == SECRET
    file.write_text("smtp://me:rotated@mail.example.com\n")
    assert reveal(mail.smtp, environ) == "smtp://me:rotated@mail.example.com"
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    for hidden in ("hunter2", "T0KEN", SECRET):
        assert hidden not in shown


def test_a_refusal_never_prints_a_secret(tmp_path: Path) -> None:
    """Wrong secrets, written out or by reference, are refused by their place alone."""
    found = problems_of(
        tmp_path,
        '[fetch]\ncontact = "env:MULTI"\n'
        '[[channel]]\nname="m"\ntype="email"\nto=["a@example.com"]\nsmtp="smtp://me:hunter2@host:x"\n'
        '[[channel]]\nname="h"\ntype="webhook"\nurl="gopher://T0KEN"\nsecret="env:KEY"\n',
        {"KEY": "shortkey", "MULTI": "a\nprivate"},
    )
    text = "\n".join(found)
    assert len(found) == 4
    for hidden in ("hunter2", "T0KEN", "shortkey", "private"):
        assert hidden not in text


def test_references_that_lead_nowhere_are_told_at_start(tmp_path: Path) -> None:
    """An unset variable, a missing file and a file: address with two slashes are problems, each once."""
    found = problems_of(
        tmp_path,
        '[fetch]\ncontact = "env:NOT_SET"\nuser_agent = "file:/not/there"\n'
        '[[policy]]\nurl = "file:///etc/passwd"\n',
    )
    assert len(found) == 3
    assert "NOT_SET" in found[0]
    assert "/not/there" in found[1]
    assert "root:" not in found[2]


def test_a_variable_named_by_a_reference_is_no_unknown_setting(tmp_path: Path) -> None:
    """Someone may keep a password in CLAUSEWATCH_SMTP_PASSWORD and refer to it."""
    config = tmp_path / "c.toml"
    config.write_text('[fetch]\ncontact = "env:CLAUSEWATCH_CONTACT"\n')
    environ = {"CLAUSEWATCH_CONTACT": "ops@example.com", "CLAUSEWATCH_CONFIG": "c.toml"}
    assert Settings.load(config, environ).fetch.identity == "Clausewatch/0.1 (+ops@example.com)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smtp://u:p%40ss@mail.example.com:2525", ("mail.example.com", 2525, "u", "p@ss", "starttls")),
        ("smtp://mail.example.com", ("mail.example.com", 587, "", "", "starttls")),
        ("smtps://mail.example.com", ("mail.example.com", 465, "", "", "implicit")),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, "", "", "none")),
        ("smtp://[::1]:1025", ("::1", 1025, "", "", "none")),
        ("smtp://localhost", ("localhost", 587, "", "", "none")),
        ("smtp://127.0.0.1.example.com", ("127.0.0.1.example.com", 587, "", "", "starttls")),
    ],
)
def test_other_machines_are_spoken_to_encrypted(text: str, expected: tuple[object, ...]) -> None:
    """Only a loopback address is spoken to in the clear without being told so."""
    address = parse_smtp(text)
    got = (address.host, address.port, address.user, address.password.get_secret_value(), address.tls)
    assert got == expected


def test_common_slips_are_answered_with_what_to_write(tmp_path: Path) -> None:
    """One value where a list belongs, an hour in words, an id with capitals and a broken selector."""
    found = problems_of(
        tmp_path,
        '[[policy]]\nurl = "https://example.com/t"\nid = "Our Terms"\nselect = "main >> article["\n'
        '[[channel]]\nname = "m"\ntype = "email"\nto = "a@example.com"\nsmtp = "smtp://localhost"\n'
        'verdicts = "silent"\ndigest_at = "8am"\n',
    )
    wanted = ["such as 'our-terms'", "takes a CSS selector", 'to: takes a list, such as ["a@example.com"]',
              'verdicts: takes a list, such as ["silent"]', 'takes a time of day such as "08:00"']  # fmt: skip
    for line in wanted:
        assert any(line in problem for problem in found), (line, found)
    assert len(found) == len(wanted)


def test_refusal_names_the_file(tmp_path: Path) -> None:
    """Which of several files was read is part of the message."""
    path = tmp_path / "watch.toml"
    path.write_text("[schedule]\nevry = '1h'\n")
    with pytest.raises(ConfigError, match=re.escape(str(path))):
        Settings.load(path, {})


def test_secret_that_is_missing_matters_only_to_what_sends(tmp_path: Path) -> None:
    """Reading the history needs none; a missing value that is no secret is refused either way."""
    path = tmp_path / "c.toml"
    path.write_text('[[channel]]\nname="h"\ntype="webhook"\nurl="https://h.example"\nsecret="env:NOT_SET"\n')
    assert Settings.load(path, {}, secrets=False).channel[0].name == "h"
    with pytest.raises(ConfigError):
        Settings.load(path, {})
    path.write_text('[fetch]\ncontact = "env:NOT_SET"\n')
    with pytest.raises(ConfigError):
        Settings.load(path, {}, secrets=False)


def test_service_is_the_site_where_nobody_says_whose_it_is() -> None:
    """So that records by service keep two companies apart."""
    settings = Settings.load(None, {"CLAUSEWATCH_POLICY": '[{"url": "https://www.example.com/terms"}]'})
    assert settings.policies[0].service == "example.com"


def test_lists_in_variables_that_are_none(tmp_path: Path) -> None:
    """Broken JSON is called that; one table where a list of them belongs is told how both places write it."""
    cases = {
        '[{"url": "https://example.com/"': "is no valid JSON",
        '{"url": "https://example.com/"}': "[[…]] tables in a file",
        "https://example.com/": "[[…]] tables in a file",
    }
    for value, said in cases.items():
        with pytest.raises(ConfigError) as caught:
            Settings.load(None, {"CLAUSEWATCH_POLICY": value})
        (line,) = caught.value.problems
        assert said in line
