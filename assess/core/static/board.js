// The page of work that goes on: loaded anew after a while, as the page without scripts is.
const told = document.querySelector("[data-progress]");
if (told) {
  setTimeout(() => location.reload(), Number(told.dataset.progress) * 1000);
}
