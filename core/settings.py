"""Settings of a process, read from the environment (prefix CHEVET_). No secret has a default."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.clock import refuse_test_clock
from core.failpoint import refuse_failpoints
from core.opening import Opening, parse_opening
from core.samu import SamuNumbersError, parse_samu_numbers


class Settings(BaseSettings):
    """Every setting of the server; `docs/reference/settings.md` is generated from this class."""

    model_config = SettingsConfigDict(env_prefix="CHEVET_", extra="ignore")

    profile: Literal["production", "demo", "test"] = "production"
    """What this installation is for; test clocks and failpoints need `test`."""
    owner_dsn: str = ""
    """Connection of the owner role: migrations only."""
    app_dsn: str = ""
    """Connection of chevet_app: people, under row security."""
    worker_dsn: str = ""
    """Connection of chevet_worker: reviewing, sending, sealing."""
    ingest_dsn: str = ""
    """Connection of chevet_ingest: readings in, nothing out."""
    gate_dsn: str = ""
    """Connection of chevet_gate: what happens before sign-in."""
    mqtt_host: str = "127.0.0.1"
    """Address of the MQTT broker."""
    mqtt_port: int = 8883
    """TLS port of the MQTT broker."""
    mqtt_ca: Path | None = None
    """Certificate authority of the broker."""
    mqtt_ingest_password: str = ""
    """Password of the broker user `ingest`."""
    redis_url: str = ""
    """Valkey or Redis, for Celery and the rates of requests; nothing that matters waits for it."""
    smtp_host: str = "127.0.0.1"
    """Address of the SMTP relay."""
    smtp_port: int = 25
    """Port of the SMTP relay."""
    smtp_timeout_seconds: float = 10.0
    """How long one SMTP exchange may take."""
    mail_from: str = "chevet@localhost"
    """Sender of every mail."""
    metrics_port: int = 0
    """Port on which ingest and the sentinel show their counters; 0 shows none."""
    metrics_host: str = "127.0.0.1"
    """Address on which ingest and the sentinel show their counters."""
    operator_mail: str = ""
    """Where the service tells its operator that an escalation ladder was exhausted."""
    heartbeat_url: str = ""
    """Outside address the auditor asks for (GET) while all is well; it alarms when that stops."""
    base_url: str = "http://127.0.0.1:8080"
    """Public address of the web pages, used in links and to check the origin of a request."""
    console_url: str = ""
    """Public address of the console when it differs from `base_url`."""
    cookie_secure: bool = True
    """Send the session cookie over HTTPS only; the demo on loopback turns it off."""
    psc_issuer: str = ""
    """Issuer of Pro Santé Connect; with it, professionals may sign in there."""
    psc_client_id: str = ""
    """Identifier of this site at Pro Santé Connect."""
    psc_client_secret: str = ""
    """Secret of this site at Pro Santé Connect."""
    fc_issuer: str = ""
    """Issuer of FranceConnect+; with it, patients may sign in there."""
    fc_client_id: str = ""
    """Identifier of this site at FranceConnect+."""
    fc_client_secret: str = ""
    """Secret of this site at FranceConnect+."""
    fc_key_file: Path | None = None
    """Private key (PEM) to which FranceConnect+ encrypts its tokens, where it does."""
    sealing_key: str = ""
    """Key of what must not be read in a stolen database (second factors, links on their way):
    32 random bytes in URL-safe base64. Lost, everybody has to set up a second factor again."""
    objects_folder: Path | None = None
    """Where documents and photographs are kept, each sealed; `objects` in `state_dir` when not
    set. Every web and console process needs the same one, and backups need a copy of it."""
    objects_key: str = ""
    """Key of kept documents, 32 random bytes in URL-safe base64; drawn from `sealing_key` when
    empty. Lost, no document can be read again."""
    clamd: str = ""
    """Antivirus every document is shown to first: `tcp://host:3310` or `unix:/path` of a clamd;
    empty for none. When it does not answer, no document is taken."""
    mssante_domains: str = "mssante.fr"
    """Domains of MSSanté, separated by commas: a document's link is mailed to an address of one of
    them, or of a domain below one, and to no other. Keep it with the list of ANS."""
    sms_url: str = ""
    """Where SMS go, codes and reminders: an address of Apprise with `{to}` for the number."""
    sms_url_second: str = ""
    """Another gateway of text messages, asked when the first one does not take a message."""
    webhook_url: str = ""
    """Another system that is told of what happens to alerts: id, event and time, nothing else."""
    webhook_secret: str = ""
    """Key that signs what it is told, 32 characters or more; needed with `webhook_url`."""
    vapid_private_key: str = ""
    """Key that signs notifications to browsers, of `chevet push-keys`; none, no notifications."""
    vapid_subject: str = ""
    """Whom a service of notifications may turn to: `mailto:` or `https://`; needed with the key."""
    push_hosts: str = (
        "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com"
    )
    """Services of notifications, separated by commas, that browsers may name; no other is asked."""
    messages_per_day: int = Field(default=4, ge=1, le=24)
    """Reminders stop when a patient got so many messages on his local day (proposed)."""
    quiet_hours: str = Field(default="21-8", pattern=r"^([01]?\d|2[0-3])-([01]?\d|2[0-3])$")
    """From which to which hour, local time, no reminder is sent (proposed); « 0-0 » for none."""
    time_zone: str = "Europe/Paris"
    """Time zone of people without one of their own."""
    state_dir: Path = Path(".state")
    """Where a process may leave files, such as the anchors of the audit chain."""
    rights_file: Path | None = None
    """TOML file with this deployment's changes to the proposed table of rights."""
    audit_retention_months: int = Field(default=12, ge=6, le=36)
    """How long events of the audit trail are kept (CNIL 2021-122: 6 to 12 months, 36 at most)."""
    audit_retention_reason: str = ""
    """Why events are kept longer than 12 months; required then."""
    chat_retention_months: int = Field(default=24, ge=1, le=240)
    """Months that messages of rooms and conversations are kept (proposed); notes are kept on."""
    audit_anchor_copy: Path | None = None
    """A second file for the heads of the audit chain, on another disk or a mounted share."""
    audit_syslog: str = ""
    """Collector the audit trail is sent to: tcp://host:514 or tls://host:6514; empty for none."""
    audit_syslog_ca: Path | None = None
    """Certificate authority of a tls:// collector; the system's when not set."""
    backup_recipient: Path | None = None
    """Public key backups are encrypted for; its other half is kept away from the server."""
    pg_bin: Path | None = None
    """Folder of the server's own pg_dump and pg_restore; those of PATH when not set."""
    identity_mode: Literal["slave", "master"] = "slave"
    """Whether validated identities may be changed here (master) or come from elsewhere (slave);
    the database follows at the next `chevet migrate`."""
    service_opening: str = "mon-sun 08:00-20:00"
    """When answers are read, in `time_zone`: `mon-fri 08:00-20:00; sat 09:00-12:00`. Outside of it
    a grave answer says « Le service est fermé » (proposed)."""
    service_closed_on: str = ""
    """Days on which nobody reads answers, as `2026-12-25`, separated by commas."""
    holidays: Literal[
        "metropole",
        "alsace-moselle",
        "guadeloupe",
        "martinique",
        "guyane",
        "reunion",
        "mayotte",
    ] = "metropole"
    """Which public holidays hold where the service is; an organisation's rota may name others."""
    service_hours: str = ""
    """Other words for `service_opening` on patients' screens; none: they are said from it."""
    staff_names: Literal["name", "role", "team"] = "role"
    """How patients read who has read them and who follows them: by name, by role (proposed),
    or as « the team ». Who is in a circle is always named."""
    site_name: str = ""
    """Who runs this service, as shown on « Aide et contact »; production needs it."""
    site_address: str = ""
    """Postal address of who runs this service."""
    help_phone: str = ""
    """Telephone of the help desk; production needs it."""
    help_hours: str = ""
    """When the help desk answers, in words."""
    help_mail: str = ""
    """Mail address of the help desk; production needs it."""
    samu_numbers: str = ""
    """Ten digits of each SAMU where patients live, by département: `75=0144567890; 2A=…`."""
    terms_folder: Path | None = None
    """Folder with the deployer's own terms of use (`1.fr.md`, `1.en.md`, …); else our template."""
    training: bool = False
    """The whole installation is for training: every page says that its data are fictitious."""
    training_mail_domains: str = "demo.invalid"
    """Domains, separated by commas, to which alone a training territory may send messages."""
    allowed_hosts: str = ""
    """More host names, separated by commas, than those of `base_url` and `console_url`."""
    trusted_proxies: str = "127.0.0.1"
    """Addresses of the proxies in front, separated by commas, that may say who the client is."""
    requests_per_minute: int = 1200
    """Most requests a minute of one session; four times as many of one address (proposed)."""
    attempts_per_minute: int = 60
    """Most sign-ins, activations, password resets a minute of one address (proposed)."""

    @model_validator(mode="after")
    def _long_retention_has_a_reason(self) -> "Settings":
        if self.audit_retention_months > 12 and not self.audit_retention_reason.strip():
            raise ValueError(
                "CHEVET_AUDIT_RETENTION_MONTHS beyond 12 needs CHEVET_AUDIT_RETENTION_REASON"
            )
        return self

    @model_validator(mode="after")
    def _opening_can_be_read(self) -> "Settings":
        self.opening()
        return self

    @model_validator(mode="after")
    def _samu_numbers_can_be_read(self) -> "Settings":
        self.samu()
        return self

    def samu(self) -> Mapping[str, str]:
        """Return the ten digits of each SAMU by the code of its département."""
        try:
            return parse_samu_numbers(self.samu_numbers)
        except SamuNumbersError as error:
            raise ValueError(f"CHEVET_SAMU_NUMBERS: {error}") from None

    def opening(self) -> Opening:
        """Return when answers are read."""
        return parse_opening(self.service_opening, self.service_closed_on)

    def anchor_places(self) -> list[Path]:
        """Return the files the heads of the audit chain are written to."""
        copy = [self.audit_anchor_copy] if self.audit_anchor_copy else []
        return [self.state_dir / "anchors", *copy]


@lru_cache
def settings() -> Settings:
    """Return the settings of this process, refusing test instruments outside the test profile."""
    loaded = Settings()
    refuse_test_clock(loaded.profile)
    refuse_failpoints(loaded.profile)
    refuse_half_a_provider(loaded)
    return loaded


def refuse_half_a_provider(loaded: Settings) -> None:
    """Stop the process when a provider of identities is set by half, or spoken to in the clear."""
    for prefix in ("psc", "fc"):
        parts = ("issuer", "client_id", "client_secret")
        values = {f"{prefix}_{part}": getattr(loaded, f"{prefix}_{part}") for part in parts}
        missing = [f"CHEVET_{name.upper()}" for name, value in values.items() if not value]
        if missing and len(missing) < len(parts):
            raise SystemExit(f"{', '.join(missing)}: set all three of this provider, or none.")
        issuer = str(values[f"{prefix}_issuer"])
        if issuer and loaded.profile != "test" and not issuer.startswith("https://"):
            raise SystemExit(f"CHEVET_{prefix.upper()}_ISSUER must begin with https://")
