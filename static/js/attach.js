/*
 * A photo is made smaller before it is sent (input[data-scale] holds the pixels of its longer side): a phone's takes
 * minutes on a weak signal. What a browser cannot do is sent as it is; the server scales and judges anyway.
 * Nothing newer than ES2018.
 */

const SMALL_BYTES = 600 * 1024; // is sent quickly enough as it is
const QUALITY = 0.85;

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-scale]")) return;
  const file = input.files[0];
  if (!file || !file.type.startsWith("image/") || file.size <= SMALL_BYTES) return;
  const buttons = input.form.querySelectorAll("button[type=submit]");
  const free = (isFree) => buttons.forEach((button) => (button.disabled = !isFree));
  free(false);
  say(input, "正在缩小照片……");
  scaled(file, Number(input.dataset.scale))
    .then((smaller) => {
      if (smaller.size >= file.size) return say(input, "");
      const chosen = new DataTransfer();
      chosen.items.add(smaller);
      input.files = chosen.files;
      return say(input, `照片已从 ${megabytes(file)} 缩小到 ${megabytes(smaller)}，可以上传。`);
    })
    .catch(() => say(input, "")) // an old browser: it is sent as it is
    .then(() => free(true));
});

/* A weak signal takes its time: what was pressed says that it goes on. Back from the next page it does not. */
document.addEventListener("submit", (event) => {
  const input = event.target.querySelector("input[data-scale]");
  const isSent = [...event.target.querySelectorAll("input[type=file]")].some((one) => one.files.length);
  if (input && isSent && !event.defaultPrevented) say(input, "正在上传，请不要离开本页……");
});
window.addEventListener("pageshow", (event) => {
  const input = document.querySelector("input[data-scale]");
  if (event.persisted && input) say(input, "");
});

/** The picture drawn anew as a JPEG no larger than `side` pixels; its place and other data stay behind. */
async function scaled(file, side) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const factor = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * factor);
  canvas.height = Math.round(picture.height * factor);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve, reject) => {
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

function say(input, words) {
  input.form.querySelector("[data-scaled]").textContent = words;
}

function megabytes(file) {
  return `${(file.size / 1024 / 1024).toFixed(1)} MB`;
}
