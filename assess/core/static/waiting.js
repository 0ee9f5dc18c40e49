// Asks how it stands with a file and says it in one line, without loading the page anew and without moving the focus.
// Only when the file is there, or cannot be made, does the page change. Without this, the page is loaded again by itself.

const line = document.querySelector('[data-waiting]')
let left = 60 // looks, then a person has to ask

async function look () {
  left -= 1
  try {
    const answer = await fetch(line.dataset.waiting, { headers: { Accept: 'text/plain' } })
    if (answer.status !== 202) return window.location.replace(line.dataset.waiting)
    const words = await answer.text()
    if (line.textContent !== words) line.textContent = words
    plan(Number(answer.headers.get('Retry-After')) || 10)
  } catch {
    plan(10) // the line is down for a moment
  }
}

function plan (seconds) {
  if (left > 0) window.setTimeout(look, seconds * 1000)
}

plan(Number(line.dataset.pause))
