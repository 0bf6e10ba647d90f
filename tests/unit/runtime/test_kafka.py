import ssl
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.runtime.errors import SettingsProblem
from services.runtime.kafka import connection_arguments
from services.runtime.settings import KafkaSettings

_SERVERS = "broker-1:9092,broker-2:9092"


def test_a_plain_cluster_needs_only_its_address() -> None:
    arguments = connection_arguments(KafkaSettings(bootstrap_servers=_SERVERS))

    assert arguments["bootstrap_servers"] == _SERVERS
    assert arguments["client_id"] == "fieldfare"
    assert arguments["security_protocol"] == "PLAINTEXT"
    assert not {"ssl_context", "sasl_plain_password"} & set(arguments)


def test_an_account_over_an_encrypted_connection() -> None:
    arguments = connection_arguments(
        KafkaSettings(
            bootstrap_servers=_SERVERS,
            security_protocol="SASL_SSL",
            sasl_username="relay",
            sasl_password=SecretStr("hush"),
        )
    )

    assert arguments["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (arguments["sasl_plain_username"], arguments["sasl_plain_password"]) == ("relay", "hush")
    context = arguments["ssl_context"]
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


def test_encryption_without_an_account() -> None:
    arguments = connection_arguments(
        KafkaSettings(bootstrap_servers=_SERVERS, security_protocol="SSL")
    )

    assert "ssl_context" in arguments
    assert "sasl_mechanism" not in arguments


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (KafkaSettings(), "FIELDFARE_KAFKA__BOOTSTRAP_SERVERS"),
        (
            KafkaSettings(bootstrap_servers=_SERVERS, security_protocol="SASL_PLAINTEXT"),
            "FIELDFARE_KAFKA__SASL_USERNAME",
        ),
        (
            KafkaSettings(
                bootstrap_servers=_SERVERS, security_protocol="SSL", ssl_cafile=Path("/nowhere")
            ),
            "FIELDFARE_KAFKA__SSL_CAFILE",
        ),
    ],
)
def test_what_is_missing_is_named(settings: KafkaSettings, named: str) -> None:
    with pytest.raises(SettingsProblem, match=named):
        connection_arguments(settings)
