// What can be measured of readability, over everything that is visible now.
() => {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = numbers(color).slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      const alpha = numbers(color)[3];
      if (alpha === undefined || alpha === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (color, ground) => {
    const [low, high] = [luminance(color), luminance(ground)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const isVisible = (element) =>
    element.checkVisibility() && element.getBoundingClientRect().width > 1 && element.getBoundingClientRect().right > 0;
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const texts = [...document.body.querySelectorAll("*")].filter((element) => isVisible(element) && hasText(element));
  const targets = [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter(isVisible);
  const least = (values) => values.reduce((a, b) => (b.value < a.value ? b : a));

  const contrasts = texts.map((element) => ({
    value: contrast(getComputedStyle(element).color, behind(element)), text: element.textContent.slice(0, 20),
  }));
  const question = document.getElementById("question");
  if (question) {
    contrasts.push({
      value: contrast(getComputedStyle(question, "::placeholder").color, behind(question)), text: "placeholder",
    });
  }
  const sizes = targets.map((element) => {
    const box = element.getBoundingClientRect();
    return { value: Math.min(box.width, box.height), text: element.textContent.trim() || element.id };
  });
  const lowest = least(contrasts);
  const smallest = least(sizes);
  return {
    body_px: parseFloat(getComputedStyle(document.body).fontSize),
    largest_text_px: Math.max(...texts.map((element) => parseFloat(getComputedStyle(element).fontSize))),
    smallest_text_px: Math.min(...texts.map((element) => parseFloat(getComputedStyle(element).fontSize))),
    smallest_line_height: Math.min(...texts.map((element) => {
      const style = getComputedStyle(element);
      return parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    })),
    lowest_contrast: { ratio: lowest.value, text: lowest.text },
    smallest_target: { px: smallest.value, text: smallest.text },
    overflow_px: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}
