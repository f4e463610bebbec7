// What a page says of itself: run in the browser.

/** What of the page is wider than where it stands, or lies outside of it. */
function overflowing() {
  const name = (element) => `${element.tagName} ${element.textContent.slice(0, 40)}`;
  const wide = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
  const outside = [...document.querySelectorAll('section')].flatMap((section) => {
    const box = section.getBoundingClientRect();
    return [...section.querySelectorAll('*')]
      .filter((element) => element.getClientRects().length > 0)
      .filter((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
      })
      .map(name);
  });
  const cut = [...document.querySelectorAll('h1, h2, p, li, section, ul')]
    .filter(
      ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
        clientWidth > 0 && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1),
    )
    .map(name);
  const beyond = [...document.querySelectorAll('svg text')]
    .filter((text) => {
      const [box, frame] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
      return box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom;
    })
    .map(name);
  return [...wide, ...outside, ...cut, ...beyond];
}

/** Of each text its size on the screen in pixels, and how much it stands out from what is behind it, as WCAG has it. */
function texts() {
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (channels(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const isText = (element) =>
    [...element.childNodes].some(
      (child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim() !== '',
    );
  return [...document.querySelectorAll('body *')]
    .filter((element) => isText(element) && !['title', 'STYLE'].includes(element.tagName))
    .map((element) => {
      const style = getComputedStyle(element);
      const isDrawn = element instanceof SVGElement;
      const colours = [luminance(isDrawn ? style.fill : style.color), luminance(behind(element))];
      return {
        text: element.textContent.slice(0, 40),
        size: Number.parseFloat(style.fontSize) * (isDrawn ? element.getScreenCTM().a : 1),
        contrast: (Math.max(...colours) + 0.05) / (Math.min(...colours) + 0.05),
      };
    });
}

/** Titles of graphs without a line that can be seen. */
function blank() {
  const isSeen = (graph) => (line) => {
    const { stroke } = getComputedStyle(line);
    const [box, frame] = [line.getBoundingClientRect(), graph.querySelector('svg').getBoundingClientRect()];
    const isInside = box.left >= frame.left && box.right <= frame.right && box.bottom <= frame.bottom;
    const isOther = stroke !== 'none' && stroke !== getComputedStyle(graph).backgroundColor;
    return line.getTotalLength() > 50 && isOther && isInside;
  };
  return [...document.querySelectorAll('section.graph')]
    .filter((graph) => ![...graph.querySelectorAll('polyline')].some(isSeen(graph)))
    .map((graph) => graph.querySelector('h2').textContent);
}

/** Texts of a picture that do not lie within it. */
function outsideOfPicture() {
  const { width, height } = document.documentElement.viewBox.baseVal;
  return [...document.querySelectorAll('text')]
    .filter((text) => {
      const { x, y, width: wide, height: high } = text.getBBox();
      return x < 0 || y < 0 || x + wide > width || y + high > height;
    })
    .map((text) => text.textContent.trim());
}
