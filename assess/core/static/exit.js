// The quick exit of the help page and the pay calculator. Without it the exit is an ordinary link.
// With it, the page goes blank at once and its entry in the browser's list is replaced, so that Back does not return here.
// For the same reason every link to another page of ours replaces it. The wider history of the browser is out of our reach,
// and the page says so.
// Every page loads this file: in the browser's cache for a year, it would else tell that help was looked at.

const exit = document.querySelector('[data-exit]')
const notice = document.querySelector('[data-exit-notice]')
const patience = 5000 // milliseconds in which three presses count as one wish
let presses = 0
let timer

function leave () {
  document.body.hidden = true
  document.title = ' '
  window.location.replace(exit.href)
}

function forget () {
  presses = 0
  notice.textContent = ''
}

function listen (event) {
  if (event.key !== 'Escape' || event.repeat) return
  presses += 1
  window.clearTimeout(timer)
  if (presses === 3) return leave()
  const left = 3 - presses
  notice.textContent = `Press Escape ${left} more ${left === 1 ? 'time' : 'times'} to leave.`
  timer = window.setTimeout(forget, patience)
}

function replacePage (event) {
  const link = event.target.closest('a[href^="/"]')
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const folded = link.hash && document.querySelector(link.hash)
  if (folded) folded.open = true
  window.location.replace(link.href)
}

if (exit) {
  for (const link of document.querySelectorAll('[data-exit], [data-exit-skip]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault()
      leave()
    })
  }
  document.addEventListener('keydown', listen)
  document.addEventListener('click', replacePage)
  window.addEventListener('pageshow', () => {
    document.body.hidden = false
    forget()
  })
}
