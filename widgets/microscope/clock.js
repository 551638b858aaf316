// Times are microseconds since 1970. What the clock on the wall says of them, in a zone, and where its marks stand.
const SECOND = 1e6, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR
const STEPS = [
  ...[1, 10, 100, 1e3, 1e4, 1e5].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND), ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR), ...[1, 2, 7, 14].map((n) => n * DAY),
]
const MONTHS = [1, 3, 6, 12, 60, 120, 1200]
const NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

function clockIn(zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  })

  // How far the wall is ahead of UTC.
  function ahead(us) {
    if (zone === "UTC") return 0
    const ms = Math.floor(us / 1e6) * 1e3
    const at = Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
    return (Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) - ms) * 1e3
  }

  const wall = (us) => us + ahead(us)
  const back = (local, near) => local - ahead(local - ahead(near))
  const date = (local) => new Date(Math.floor(local / 1e3))
  const day = (local) => `${date(local).getUTCDate()} ${NAMES[date(local).getUTCMonth()]}`
  const year = (local) => date(local).getUTCFullYear()
  const two = (n) => String(n).padStart(2, "0")
  const hours = (local) => `${two(date(local).getUTCHours())}:${two(date(local).getUTCMinutes())}`
  const fraction = (local, digits) => String(Math.round(((local % SECOND) + SECOND) % SECOND)).padStart(6, "0").slice(0, digits)

  function words(local, step) {
    if (step >= DAY) return day(local)
    if (((local % DAY) + DAY) % DAY < 1) return day(local)
    if (step >= MINUTE) return hours(local)
    const seconds = two(date(local).getUTCSeconds())
    if (step >= SECOND) return `${hours(local)}:${seconds}`
    return `${seconds}.${fraction(local, step >= 1e3 ? 3 : 6)}`
  }

  // Marks about `least` apart or more, as [time, text].
  function ticks(from, to, least) {
    const step = STEPS.find((each) => each >= least)
    if (!step) return months(from, to, MONTHS.find((n) => n * 28 * DAY >= least) ?? MONTHS.at(-1))
    const found = []
    // 1970 began on a Thursday, and weeks begin on Mondays.
    const shift = step % (7 * DAY) === 0 ? 4 * DAY : 0
    let local = Math.ceil((wall(from) - shift) / step) * step + shift
    for (let at = back(local, from); at <= to && found.length < 200; local += step, at = back(local, at)) {
      if (Math.abs(wall(at) - local) < 1) found.push([at, words(local, step)]) // not an hour that a change of clocks leaves out
    }
    return found
  }

  function months(from, to, every) {
    const found = []
    let month = Math.ceil((year(wall(from)) * 12 + date(wall(from)).getUTCMonth()) / every) * every
    for (let count = 0; count < 200; count++, month += every) {
      const at = back(Date.UTC(Math.floor(month / 12), month % 12) * 1e3, from)
      if (at > to) break
      if (at >= from) found.push([at, every % 12 ? `${NAMES[month % 12]} ${Math.floor(month / 12)}` : String(Math.floor(month / 12))])
    }
    return found
  }

  const full = (us) => `${day(wall(us))} ${year(wall(us))}`
  const exact = (us) => {
    const local = wall(us), digits = us % SECOND ? (us % 1e3 ? 6 : 3) : 0
    return `${full(us)} ${hours(local)}:${two(date(local).getUTCSeconds())}${digits ? `.${fraction(local, digits)}` : ""}`
  }
  return { ticks, full, exact }
}
