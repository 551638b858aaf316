"""Who, when and what are guessed from names of columns in several languages, whatever else stands beside them."""

from __future__ import annotations

import polars as pl
import pytest

from explorer.events.role_names import ACTORS, EVENTS, TIMES, folded
from explorer.events.roles import guess

DAYS, CLOCKS = ["2024-03-01", "2024-03-02"], ["10:00:00", "11:30:00"]
WHEN = [f"{day} {clock}" for day, clock in zip(DAYS, CLOCKS, strict=True)]


@pytest.mark.parametrize(
    ("actor", "time", "event"),
    [
        ("Benutzer", "Zeitstempel", "Ereignis"),
        ("Kunde", "Zeitpunkt", "Vorgang"),
        ("Kunden-Nr", "Zeitstempel", "Aktion"),
        ("BenutzerID", "Erstellt am", "Aktivität"),
        ("Gerät", "Zeit", "Ereignistyp"),
        ("Utilisateur", "Horodatage", "Événement"),
        ("ID client", "Date heure", "Action"),
        ("Identifiant du client", "Créé le", "Activité"),
        ("usuario", "marca_de_tiempo", "acción"),
        ("ID usuario", "Fecha y hora", "Evento"),
        ("id_cliente", "fecha_hora", "tipo de evento"),
        ("Utilizador", "Carimbo de data hora", "Ação"),
        ("Código do cliente", "data_hora", "Nome do evento"),
        ("Utente", "Data e ora", "Azione"),
        ("codice_cliente", "marca temporale", "attività"),
        ("Gebruiker", "Tijdstempel", "Gebeurtenis"),
        ("klantnummer", "Tijdstip", "Actie"),
    ],
)
def test_roles_in_the_words_of_many_languages(actor: str, time: str, event: str) -> None:
    """Columns that say less plainly who, when and what come first, and are not taken."""
    frame = pl.DataFrame(
        {
            "IP": ["10.0.0.1", "10.0.0.2"], "Url": ["/a", "/b"], "Type": ["x", "y"], "import": WHEN,
            event: ["a", "b"], time: WHEN, actor: ["ann", "bob"],
        }
    )  # fmt: skip
    found = guess(frame)
    assert (found.actor, found.time, found.event) == ((actor,), time, event)


@pytest.mark.parametrize(
    ("day", "clock"), [("Datum", "Uhrzeit"), ("date", "heure"), ("Fecha", "Hora"), ("Data", "Ora"), ("Datum", "Tijd")]
)
def test_a_day_and_a_time_of_day_are_one_time(day: str, clock: str) -> None:
    frame = pl.DataFrame({clock: CLOCKS, day: DAYS, "Kunde": ["ann", "bob"]})
    found = guess(frame)
    assert (found.day, found.time) == (day, clock)


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000])
def test_numbers_are_times_where_their_column_is_called_so(unit: int) -> None:
    at = [1_700_000_000 * unit, 1_700_000_100 * unit]
    frame = pl.DataFrame({"Betrag": at, "Zeitstempel": at, "Benutzer": ["ann", "bob"]})
    assert guess(frame).time == "Zeitstempel"


def test_english_names_go_first() -> None:
    said = {"Kunde": "a", "user_id": "b", "Aktion": "x", "event": "y", "Zeit": WHEN[0], "ts": WHEN[0]}
    frame = pl.DataFrame([said])
    found = guess(frame)
    assert (found.actor, found.time, found.event) == (("user_id",), "ts", "event")


@pytest.mark.parametrize("names", [ACTORS, TIMES, EVENTS])
def test_names_are_written_as_they_are_looked_up(names: tuple[str, ...]) -> None:
    assert [name for name in names if folded(name) != name] == []
