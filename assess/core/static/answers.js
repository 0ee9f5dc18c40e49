// What was ticked on a page of questions is sent when the page is left by another way than its buttons. Without scripts its buttons save.
const form = document.querySelector('[data-save-on-leave]')

// whoever fills it in takes back “Don’t know” or “There are none”
form?.addEventListener('input', ({ target }) => {
  const tick = target.closest('.assess-asked')?.querySelector('[name$=".dk"], [name$=".none"]')
  if (tick && tick !== target && target.value && target.type !== 'checkbox') tick.checked = false
})

// an answer that waits to be confirmed counts as confirmed once its page is saved: that is left to the person
if (form && !form.querySelector('.assess-again')) {
  let unsaved = false
  form.addEventListener('input', () => { unsaved = true })
  form.addEventListener('submit', () => { unsaved = false })
  window.addEventListener('pagehide', () => {
    if (unsaved) navigator.sendBeacon(window.location.pathname, new URLSearchParams(new FormData(form)))
    unsaved = false
  })
  // a page that the browser kept would not know what was saved since
  window.addEventListener('pageshow', (event) => { if (event.persisted) window.location.reload() })
}
