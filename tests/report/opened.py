"""A page opened in a browser, with all it said and asked for, and what can be asked of its figures."""

SIZES = {"wide": (1280, 800), "phone": (390, 844)}
DRAWN = 'html[data-drawn="all"]'
OVERLAPS = """() => {
  const found = [];
  for (const drawing of document.querySelectorAll(".drawing")) {
    const boxes = [...drawing.querySelectorAll("svg.main-svg text")]
      .filter((one) => one.textContent.trim() && getComputedStyle(one).visibility !== "hidden")
      .map((one) => [one.textContent, one.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i][1], boxes[j][1]];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const up = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across >= 1 && up >= 1) found.push([drawing.dataset.figure, boxes[i][0], boxes[j][0], across, up]);
    }
  }
  return found;
}"""
OUTSIDE = """() => {
  const found = [];
  for (const drawing of document.querySelectorAll(".drawing")) {
    const frame = drawing.getBoundingClientRect();
    for (const one of drawing.querySelectorAll("svg.main-svg text")) {
      const box = one.getBoundingClientRect();
      if (box.width && (box.left < frame.left - 1 || box.right > frame.right + 1))
        found.push([drawing.dataset.figure, one.textContent, box.left - frame.left, box.right - frame.right]);
    }
  }
  return found;
}"""
LABELS = """() => [...document.querySelectorAll(".drawing")].map((one) =>
  [one.dataset.figure, [one.getAttribute("role"), one.getAttribute("aria-label")]])"""
TEXTS = """() => [...document.querySelectorAll(".drawing")].flatMap((drawing) =>
  [...drawing.querySelectorAll("svg.main-svg text")].filter((one) => one.textContent.trim())
    .map((one) => [drawing.dataset.figure, one.textContent, getComputedStyle(one).fill]))"""


class Opened:
    """A page in the browser, with all it said and asked for."""

    def __init__(self, browser, file, size="wide", scheme="light"):
        width, height = SIZES[size]
        self.said, self.asked = [], []
        self.page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector(DRAWN, state="attached", timeout=600_000)

    def evaluate(self, script, argument=None):
        return self.page.evaluate(script, argument)

    def drawing(self, name):
        return f'.drawing[data-figure="{name}"]'
