"""What columns of actors, times and events are called, in several languages, the plainest first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def folded(name: str) -> str:
    """A name in small letters, its words between underscores, without accents.

    >>> folded("Événement"), folded("Kunden-ID"), folded("Código do cliente")
    ('evenement', 'kunden_id', 'codigo_do_cliente')
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return kept.replace(" ", "_").replace("-", "_")


def _ids(words: Iterable[str], numbers: Iterable[str] = ("id",)) -> tuple[str, ...]:
    """Words for somebody, each with what is said of a number of them, in front or behind."""
    found = []
    for word in words:
        found.append(word)
        for number in numbers:
            found += [f"{word}_{number}", f"{word}{number}", f"{number}_{word}", f"{number}{word}"]
    return tuple(found)


GERMAN_ACTORS = _ids(
    (
        *("benutzer", "nutzer", "anwender", "user", "kunden", "kunde", "besucher", "mitglieder", "mitglied", "konto"),
        *("person", "personen", "gerate", "gerat", "geraete", "geraet", "patienten", "patient", "mitarbeiter"),
    ),
    ("id", "nr", "nummer", "nummern", "kennung", "name"),
)  # fmt: skip
ROMANCE_ACTORS = _ids(
    (
        *("utilisateur", "utilisatrice", "client", "cliente", "visiteur", "compte", "appareil", "adherent", "abonne"),
        *("usuario", "usuaria", "visitante", "cuenta", "dispositivo", "miembro", "paciente", "persona"),
        *("utilizador", "conta", "membro", "assinante", "pessoa"),
        *("utente", "visitatore", "account", "dispositivo", "membro", "persona"),
    ),
    ("id", "numero", "num", "codigo", "code", "codice"),
) + tuple(
    f"{number}_{of}_{word}"
    for number in ("id", "numero", "codigo", "codice", "identifiant")
    for of in ("de", "do", "da", "del", "di", "du")
    for word in ("client", "cliente", "usuario", "utente", "compte", "conta", "cuenta", "utilisateur")
)
DUTCH_ACTORS = _ids(
    ("gebruiker", "gebruikers", "klant", "klanten", "bezoeker", "bezoekers", "lid", "apparaat", "persoon"),
    ("id", "nr", "nummer", "naam"),
)
ACTORS = (
    *("user_id", "userid", "user", "actor_id", "actor", "visitor_id", "visitorid", "visitor", "customer_id"),
    *("customerid", "customer", "client_id", "clientid", "client", "distinct_id", "anonymous_id", "device_id"),
    *("deviceid", "account_id", "account", "member_id", "person_id", "uid", "subject"),
    *(*GERMAN_ACTORS, *ROMANCE_ACTORS, *DUTCH_ACTORS),
    *("ip", "host", "case_id", "case:concept:name", "case", "case_concept_name", "user_pseudo_id"),
    *("useridentity.arn", "arn", "fall_id", "fallnummer", "fallnr", "vorgangsnummer", "vorgangs_id"),
)
TIMES = (
    *("ts", "timestamp", "time", "event_time", "eventtime", "event_timestamp", "event_ts", "datetime", "date_time"),
    *("occurred_at", "created_at", "created", "time_stamp"),
    *("zeitstempel", "zeitpunkt", "datum_uhrzeit", "datum_zeit", "ereigniszeit", "erstellt_am", "erstellt", "zeit"),
    *("horodatage", "horodate", "date_heure", "date_et_heure", "date_evenement", "cree_le", "moment"),
    *("marca_de_tiempo", "marca_temporal", "fecha_hora", "fecha_y_hora", "fechahora", "fecha_evento", "creado_en"),
    *("carimbo_de_data_hora", "carimbo_de_tempo", "data_hora", "data_e_hora", "datahora", "data_evento", "criado_em"),
    *("marca_temporale", "data_ora", "data_e_ora", "dataora", "creato_il"),
    *("tijdstempel", "tijdstip", "datum_tijd", "datumtijd", "aangemaakt_op", "tijd"),
    *("at", "date", "server_time", "received_at", "time:timestamp", "@timestamp", "_time", "start_timestamp"),
    *("datum", "fecha", "data", "jour", "giorno", "dia", "heure", "hora", "ora", "uhrzeit", "tiempo", "tempo"),
)
EVENTS = (
    *("event", "event_name", "eventname", "event_type", "eventtype", "action", "activity"),
    *("ereignis", "ereignisname", "ereignistyp", "ereignisart", "aktion", "aktivitat", "aktivitaet", "vorgang"),
    *("handlung", "schritt", "was_ist_passiert"),
    *("evenement", "nom_evenement", "type_evenement", "nom_de_l_evenement", "activite", "etape"),
    *("evento", "nombre_evento", "nombre_del_evento", "tipo_evento", "tipo_de_evento", "accion", "actividad"),
    *("nome_evento", "nome_do_evento", "acao", "atividade", "tipo_di_evento", "azione", "attivita"),
    *("gebeurtenis", "gebeurtenistype", "actie", "activiteit", "handeling"),
    *("type", "concept:name", "name", "page", "url", "path", "typ", "tipo", "soort", "pagina", "seite"),
)
