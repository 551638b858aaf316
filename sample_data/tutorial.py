"""The tutorial for marimo: `marimo edit tutorial.py` in this folder. Cells that read a brush run again after it."""

import marimo

app = marimo.App(app_title="From events to sessions")


@app.cell
def _():
    import marimo as mo

    import explorer
    from widgets import SessionExplorer

    return SessionExplorer, explorer, mo


@app.cell
def _(mo):
    mo.md("""
    # From events to sessions

    `shop.csv.gz` is the log of an invented shop: who did what, when. Nobody wrote a session into it: we cut it while
    we read it. A session is what an actor does without being silent for more than the `inactivity`; an app sends
    heartbeats while nobody does anything, and `where` leaves them out before sessions are cut.
    """)
    return


@app.cell
def _(explorer, mo):
    log = explorer.connect(mo.notebook_dir() / "shop.csv.gz", actor="user_id", time="ts", event="event")
    visit = explorer.SessionDefinition(name="visit", inactivity="30m", where="NOT event = 'heartbeat'")
    log.sessions(visit).head(3)
    return log, visit


@app.cell
def _(mo):
    mo.md("""
    ## Look at them

    Drag across a chart: all the others follow while you drag, and the cell below runs again when the brush rests.
    """)
    return


@app.cell
def _(SessionExplorer, explorer, log, mo, visit):
    explore = SessionExplorer(log, explorer.Analysis(columns=log.columns, sessions=[visit]))
    shown = mo.ui.anywidget(explore.widget)
    shown
    return explore, shown


@app.cell
def _(explore, mo, shown):
    brushed = shown.selection or "nothing is brushed"
    mo.md(f"**{explore.selected.height:,}** sessions are selected ({brushed}).")
    return


@app.cell
def _(mo):
    mo.md("""
    ## Compare two definitions

    What would 20 minutes change? Not how many sessions there are, but which of them are the same.
    """)
    return


@app.cell
def _(log, mo, visit):
    diff = log.diff(visit, visit.replace(name="shorter", inactivity="20m"))
    mo.md(diff.sentence)
    return


if __name__ == "__main__":
    app.run()
