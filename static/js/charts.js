/*
 * Pictures of the dashboard, drawn with ECharts from the numbers in data-drawing. They only repeat
 * what the tables say: without this script sentences, tables and files are all there.
 *
 * Nothing moves by itself. Old browsers read it: no modules, no newer syntax. Colours come from the tokens of the theme, and
 * differ in lightness and dash, so that they can be told apart in grey.
 */
(function () {
  "use strict";

  var NARROW = 640;
  var drawn = [];

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function textSize() {
    return Math.round(parseFloat(getComputedStyle(document.body).fontSize) * 0.9) || 13;
  }

  function days(value) {
    if (value === null || value === undefined || value === "-") return "—";
    var text = String(Math.round(value * 100) / 100).split(".");
    text[0] = text[0].replace(/\B(?=(\d{3})+$)/g, ",");
    return text.join(".");
  }

  function common() {
    return {
      animation: false,
      aria: { enabled: true, label: { enabled: false } },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: textSize(), color: token("--q-ink") },
      tooltip: {
        renderMode: "richText",
        confine: true,
        backgroundColor: token("--q-surface"),
        borderColor: token("--q-line-strong"),
        textStyle: { color: token("--q-ink"), fontSize: textSize() },
      },
    };
  }

  function axisLook(more) {
    var look = {
      axisLine: { lineStyle: { color: token("--q-line-strong") } },
      axisLabel: { color: token("--q-ink-soft"), fontSize: textSize() },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: token("--q-line") } },
    };
    Object.keys(more).forEach(function (name) {
      look[name] = more[name];
    });
    return look;
  }

  /* A day as the axis of time has it: noon, so that no zone moves it to another day. */
  function noon(day) {
    return new Date(day + "T12:00:00").getTime();
  }

  /* ---- cumulative days, the even pace, the forecast band: one panel a side ---- */

  function progress(data, width) {
    var isNarrow = width < NARROW;
    var option = common();
    var size = textSize();
    option.legend = {
      top: 0,
      left: "center",
      itemGap: isNarrow ? 10 : 24,
      selectedMode: false,
      itemWidth: 34,
      data: ["应有进度", "累计计入"].concat(hasAny(data, "waiting") ? ["加上待审"] : [], hasAny(data, "high") ? ["预测区间"] : []),
      textStyle: { color: token("--q-ink"), fontSize: size },
    };
    var top = isNarrow ? size * 5 + 20 : size * 2 + 36;
    option.grid = data.sides.map(function (side, number) {
      return isNarrow
        ? { left: 8, right: 12, top: top + number * 260, height: 190, containLabel: true }
        : { left: number ? "53%" : 8, right: number ? 12 : "51%", top: top, bottom: 4, containLabel: true };
    });
    option.title = data.sides.map(function (side, number) {
      return {
        text: side.name + "（天）",
        left: isNarrow || !number ? 8 : "53%",
        top: isNarrow ? top - size - 16 + number * 260 : size + 14,
        textStyle: { color: token("--q-ink"), fontSize: size, fontWeight: 600 },
      };
    });
    option.tooltip.trigger = "axis";
    option.tooltip.formatter = function (items) {
      var place = items[0].dataIndex - 1; // the first point is the beginning of the year
      if (place < 0) return data.starts;
      var side = data.sides[items[0].axisIndex];
      var lines = [data.months[place] + " " + side.name, "应有进度 " + days(side.needed[place]) + " 天"];
      if (side.counted[place] !== null) {
        lines.push("累计计入 " + days(side.counted[place]) + " 天");
        lines.push("待审 " + days(side.waiting[place]) + " 天");
      }
      if (side.low[place] !== null) lines.push("预测 " + days(side.low[place]) + "～" + days(side.high[place]) + " 天");
      return lines.join("\n");
    };
    option.xAxis = data.sides.map(function (side, number) {
      return axisLook({
        type: "time",
        gridIndex: number,
        min: noon(data.starts),
        max: noon(data.ends[data.ends.length - 1]),
        splitNumber: 12,
        minInterval: 28 * 24 * 3600 * 1000,
        axisLabel: {
          color: token("--q-ink-soft"),
          fontSize: size,
          hideOverlap: true,
          formatter: function (value) { return new Date(value).getMonth() + 1 + "月"; },
        },
        axisPointer: { label: { formatter: function () { return ""; } } },
      });
    });
    option.yAxis = data.sides.map(function (side, number) {
      return axisLook({ type: "value", gridIndex: number, min: 0, axisLine: { show: false } });
    });
    option.series = [];
    data.sides.forEach(function (side, number) {
      option.series = option.series.concat(sideLines(side, number, data));
    });
    return { option: option, height: isNarrow ? top + 2 * 260 - 20 : 340 };
  }

  function hasAny(data, name) {
    return data.sides.some(function (side) {
      return side[name].some(function (value) { return value > 0; });
    });
  }

  function sideLines(side, number, data) {
    var days = [data.starts].concat(data.ends).map(noon);
    // Nothing is done and nothing asked before the year begins; a forecast has no beginning there.
    function dated(values, first) {
      if (!values.length) return values;
      return days.map(function (day, place) { return [day, place ? values[place - 1] : first]; });
    }
    var blue = token("--q-blue-700");
    var soft = token("--q-ink-soft");
    var band = token("--q-amber-400") || token("--q-amber-500");
    function line(name, values, more) {
      var one = { type: "line", name: name, xAxisIndex: number, yAxisIndex: number, data: dated(values, name.indexOf("预测") ? 0 : null), symbol: "none" };
      Object.keys(more).forEach(function (key) {
        one[key] = more[key];
      });
      return one;
    }
    var both = side.counted.map(function (value, place) {
      return value === null ? null : value + side.waiting[place];
    });
    var hasWaiting = side.waiting.some(function (value) {
      return value > 0;
    });
    var spread = side.low.map(function (value, place) {
      return value === null ? null : side.high[place] - value;
    });
    return [
      line("预测低值", side.low, { stack: "band" + number, lineStyle: { color: band, width: 1.5, type: [2, 3] } }),
      line("预测区间", spread, {
        stack: "band" + number,
        itemStyle: { color: band },
        lineStyle: { color: band, width: 1.5, type: [2, 3] },
        areaStyle: { color: band, opacity: 0.4 },
        symbol: "none",
      }),
      line("应有进度", side.needed, { itemStyle: { color: soft }, lineStyle: { color: soft, width: 2, type: "dashed" } }),
      line("加上待审", hasWaiting ? both : [], {
        itemStyle: { color: token("--q-blue-600") },
        lineStyle: { color: token("--q-blue-600"), width: 1.5, type: "dotted" },
      }),
      line("累计计入", side.counted, {
        symbol: "circle",
        symbolSize: 6,
        itemStyle: { color: blue },
        lineStyle: { color: blue, width: 3 },
        areaStyle: { color: blue, opacity: 0.08 },
      }),
    ];
  }

  /* ---- how many pairings have come how far: bars about one middle, as a funnel ---- */

  function stages(data, width) {
    var option = common();
    var size = textSize();
    var most = Math.max.apply(null, data.stages.map(function (stage) { return stage.value; })) || 1;
    // One colour: a stage is no better for being darker. The last is the aim.
    var shades = data.stages.map(function (stage, number) {
      return number === data.stages.length - 1 ? "--q-blue-900" : "--q-blue-600";
    });
    option.grid = { left: 4, right: size * 4, top: 4, bottom: 4, containLabel: true };
    option.tooltip.formatter = function (item) {
      return item.name + " " + days(item.value) + " 对";
    };
    option.xAxis = { type: "value", show: false, min: 0, max: most };
    option.yAxis = axisLook({
      type: "category",
      inverse: true,
      data: data.stages.map(function (stage) { return stage.name; }),
      axisLine: { show: false },
    });
    option.yAxis.axisLabel.color = token("--q-ink");
    option.yAxis.axisLabel.width = width < NARROW ? size * 7 : size * 12;
    option.yAxis.axisLabel.overflow = "break";
    option.series = [
      {
        type: "bar",
        stack: "funnel",
        silent: true,
        itemStyle: { color: "transparent" },
        tooltip: { show: false },
        data: data.stages.map(function (stage) { return (most - stage.value) / 2; }),
      },
      {
        type: "bar",
        stack: "funnel",
        barWidth: "72%",
        label: {
          show: true,
          position: "right",
          color: token("--q-ink"),
          fontSize: size,
          fontWeight: 600,
          formatter: function (item) { return days(item.value) + " 对"; },
        },
        data: data.stages.map(function (stage, number) {
          return { name: stage.name, value: stage.value, link: stage.link, itemStyle: { color: token(shades[number]) } };
        }),
      },
    ];
    return { option: option, height: data.stages.length * 40 + 8 };
  }

  /* ---- from province to province ---- */

  function flow(data, width) {
    var option = common();
    var size = textSize();
    var room = width < NARROW ? size * 5 + 30 : size * (data.unit ? 12 : 8) + 20;
    function side(depth) {
      return data.nodes.filter(function (node) { return node.depth === depth; }).length;
    }
    option.tooltip.formatter = function (item) {
      if (data.unit && item.dataType === "node") return item.name + " " + money(item.value) + " " + data.unit;
      if (data.unit) return item.data.source + " → " + item.data.target + "\n" + money(item.data.value) + " " + data.unit;
      if (item.dataType === "node") return item.name + " " + days(item.value) + " 对";
      return item.data.source + " → " + item.data.target + "\n" + item.data.value + " 对，达标 " + item.data.compliant + " 对";
    };
    option.series = [
      {
        type: "sankey",
        left: room,
        right: room,
        top: 8,
        bottom: 8,
        nodeWidth: 12,
        nodeGap: data.unit ? size + 8 : 10, // of money the least parts are too thin to hold their names apart
        draggable: false,
        layoutIterations: 32,
        emphasis: { focus: "adjacency" },
        data: data.nodes.map(function (node) {
          var isSending = node.depth === 0;
          return {
            name: node.name,
            depth: node.depth,
            link: node.link,
            itemStyle: { color: isSending ? token("--q-blue-900") : token("--q-amber-500"), borderWidth: 0 },
            label: {
              position: isSending ? "left" : "right",
              formatter: width < NARROW ? node.name.replace(/（.*）/, "") : node.name + " {n|" + (data.unit ? money : days)(total(data, node)) + "}",
              rich: { n: { fontSize: size, color: token("--q-ink-soft") } },
            },
          };
        }),
        links: data.links,
        label: { color: token("--q-ink"), fontSize: size },
        lineStyle: { color: token("--q-blue-600"), opacity: 0.3, curveness: 0.5 },
      },
    ];
    return { option: option, height: Math.max(Math.max(side(0), side(1)) * (size + 16), 72) + 16 };
  }

  function money(yuan) {
    return yuan.toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }

  /* ---- what arrived and was spent, month by month ---- */

  function execution(data) {
    var option = common();
    var size = textSize();
    option.grid = { left: 8, right: 16, top: 40, bottom: 8, containLabel: true };
    option.legend = { top: 0, textStyle: { color: token("--q-ink"), fontSize: size } };
    option.xAxis = axisLook({ type: "category", data: data.months, boundaryGap: false });
    option.yAxis = axisLook({ type: "value", min: 0, axisLine: { show: false } });
    option.tooltip.trigger = "axis";
    option.tooltip.formatter = function (items) {
      return items.map(function (item) { return item.seriesName + " " + money(item.value) + " 元"; }).join("\n");
    };
    function line(name, values, colour, type) {
      return { type: "line", step: "end", name: name, data: values, symbol: "none", itemStyle: { color: token(colour) }, lineStyle: { color: token(colour), width: 2, type: type } };
    }
    option.series = [
      line("到账累计", data.received, "--q-blue-600", "dashed"),
      line("支出累计", data.spent, "--q-blue-900", "solid"),
    ];
    return { option: option, height: 260 };
  }

  function total(data, node) {
    return data.links.reduce(function (sum, link) {
      return link.source === node.name || link.target === node.name ? sum + link.value : sum;
    }, 0);
  }

  /* ---- month by month ---- */

  function heat(data, width) {
    var option = common();
    var size = textSize();
    var isNarrow = width < NARROW;
    var most = Math.max.apply(null, data.cells.map(function (cell) { return cell[2]; })) || 1;
    option.tooltip.formatter = function (item) {
      return data.rows[item.value[1]] + " " + data.months[item.value[0]] + "\n" + days(item.value[2]) + " 天";
    };
    option.grid = { left: 4, right: 4, top: 4, bottom: size * 2 + (isNarrow ? 44 : 20), containLabel: true };
    option.xAxis = axisLook({ type: "category", position: "top", data: data.months.map(function (name) { return isNarrow ? name.replace("月", "") : name; }), splitLine: { show: false }, axisLine: { show: false } });
    option.xAxis.axisLabel.interval = 0;
    option.yAxis = axisLook({ type: "category", inverse: true, triggerEvent: true, data: data.rows, splitLine: { show: false }, axisLine: { show: false } });
    option.yAxis.axisLabel.color = token("--q-ink");
    option.yAxis.axisLabel.width = isNarrow ? 96 : 280;
    option.yAxis.axisLabel.overflow = "truncate";
    // Classes, not a gradient: each is light enough for dark figures, or dark enough for light ones.
    var colours = ["--q-surface", "--q-blue-100", "--q-shade-2", "--q-blue-600", "--q-blue-900"].map(token);
    var quarter = most / 4;
    option.visualMap = {
      type: "piecewise",
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemGap: isNarrow ? 4 : 14,
      itemWidth: isNarrow ? 10 : 14,
      textStyle: { color: token("--q-ink-soft"), fontSize: isNarrow ? size - 2 : size },
      hoverLink: false,
      selectedMode: false,
      pieces: colours.map(function (colour, place) {
        if (!place) return { lte: 0, label: "空白为 0", color: colour };
        return {
          gt: place === 1 ? 0 : quarter * (place - 1),
          lte: place === 4 ? most + 1 : quarter * place,
          label: "≤" + days(Math.round(quarter * place)) + (place === 4 ? " 天" : ""),
          color: colour,
        };
      }),
    };
    option.series = [
      {
        type: "heatmap",
        data: data.cells.map(function (cell) {
          return { value: cell, label: { color: cell[2] > quarter * 2 ? token("--q-on-dark") : token("--q-ink") } };
        }),
        itemStyle: { borderColor: token("--q-line"), borderWidth: 1 },
        label: {
          show: !isNarrow,
          fontSize: size - 1,
          formatter: function (item) { return item.value[2] ? days(Math.round(item.value[2] * 10) / 10) : ""; },
        },
        emphasis: { itemStyle: { borderColor: token("--q-focus") } },
      },
    ];
    return { option: option, height: data.rows.length * (size + 15) + size * 3 + (isNarrow ? 56 : 32) };
  }

  /* ---- the approved map ---- */

  function map(data) {
    var option = common();
    option.tooltip.formatter = function (item) {
      return item.data && item.data.title ? item.data.title + "\n" + item.data.words : "";
    };
    option.visualMap = {
      type: "piecewise",
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemGap: 8,
      textStyle: { color: token("--q-ink"), fontSize: textSize() },
      pieces: data.shades.map(function (label, level) {
        return { value: level, label: label, color: token("--q-shade-" + level) };
      }),
      selectedMode: false,
      hoverLink: false,
    };
    option.series = [
      {
        type: "map",
        map: "approved",
        nameProperty: "code",
        left: 8,
        right: 8,
        top: 8,
        bottom: textSize() * 3 + 20,
        selectedMode: false,
        itemStyle: { areaColor: token("--q-surface"), borderColor: token("--q-line-strong"), borderWidth: 1 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: token("--q-amber-200"), borderColor: token("--q-focus"), borderWidth: 2 } },
        data: data.regions.map(function (region) {
          return { name: region.code, value: region.level, title: region.name, words: region.words, link: region.link };
        }),
      },
    ];
    return { option: option, height: 460 };
  }

  var KINDS = { progress: progress, stages: stages, flow: flow, funds: flow, execution: execution, heat: heat, map: map };

  /* ---- drawing, following links, fitting the width ---- */

  function linkOf(data, event) {
    if (event.data && event.data.link) return event.data.link;
    if (event.componentType === "yAxis" && data.links && data.rows) return data.links[data.rows.indexOf(event.value)];
    if (event.seriesType === "heatmap") return data.links[event.value[1]];
    return null;
  }

  function show(one) {
    var made = one.make(one.data, one.place.clientWidth);
    one.place.style.height = made.height + "px";
    one.chart.resize();
    one.chart.setOption(made.option, true);
  }

  function draw(place, make) {
    var data = JSON.parse(place.getAttribute("data-drawing"));
    place.hidden = false;
    var one = { place: place, data: data, make: make };
    one.chart = window.echarts.init(place, null, { renderer: "svg" });
    one.chart.on("click", function (event) {
      var link = linkOf(data, event);
      if (link) window.location.href = link;
    });
    show(one);
    drawn.push(one);
  }

  function fetchMap(place) {
    var request = new XMLHttpRequest();
    request.open("GET", place.getAttribute("data-map"));
    request.onload = function () {
      if (request.status !== 200) return;
      window.echarts.registerMap("approved", JSON.parse(request.responseText));
      draw(place, map);
    };
    request.send();
  }

  function start() {
    if (!window.echarts) return;
    Array.prototype.forEach.call(document.querySelectorAll("[data-chart]"), function (place) {
      if (place.hasAttribute("data-map")) fetchMap(place);
      else draw(place, KINDS[place.getAttribute("data-chart")]);
    });
  }

  /* ---- a picture as a file: drawn once more on a canvas, for papers and slides, below its name and above its shades ---- */

  var WIDE = 1200;
  var SVG = "http://www.w3.org/2000/svg";
  var HEAD = 40;
  var LINE = 24;

  function save(section, name) {
    var drawing = section.querySelector(".q-chart svg, .q-tilemap > svg, .q-counties");
    if (!drawing) return;
    var box = drawing.getBoundingClientRect();
    var copy = drawing.tagName === "UL" ? tilesDrawn(drawing, box) : inkedCopy(drawing);
    copy.setAttribute("xmlns", SVG);
    var shades = section.querySelectorAll(".q-tilemap__legend li");
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    var image = new Image();
    image.onload = function () {
      var scale = Math.max(WIDE / box.width, 1);
      var canvas = document.createElement("canvas");
      canvas.width = box.width * scale;
      canvas.height = (HEAD + box.height + shades.length * LINE) * scale;
      var pen = canvas.getContext("2d");
      pen.scale(scale, scale);
      pen.fillStyle = token("--q-surface");
      pen.fillRect(0, 0, box.width, canvas.height / scale);
      var face = getComputedStyle(document.body).fontFamily;
      pen.font = "600 16px " + face;
      write(pen, name, 8, box.width);
      pen.drawImage(image, 0, HEAD, box.width, box.height);
      pen.font = "14px " + face;
      Array.prototype.forEach.call(shades, function (shade, place) {
        var look = getComputedStyle(shade.querySelector("rect"));
        pen.setTransform(scale, 0, 0, scale, 0, (HEAD + box.height + place * LINE) * scale);
        pen.fillStyle = look.fill;
        pen.fillRect(8, 4, 16, 16);
        pen.strokeStyle = look.stroke === "none" ? token("--q-line") : look.stroke;
        pen.strokeRect(8, 4, 16, 16);
        write(pen, shade.textContent.trim(), 32, box.width);
      });
      canvas.toBlob(function (file) {
        var link = document.createElement("a");
        link.href = URL.createObjectURL(file);
        link.download = name + ".png";
        link.click();
        window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
      });
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  }

  /* Tiles that are boxes of the page are drawn: each a rectangle, and the lines of its words. */
  function tilesDrawn(list, area) {
    var picture = document.createElementNS(SVG, "svg");
    Array.prototype.forEach.call(list.querySelectorAll(".q-county"), function (tile) {
      var look = getComputedStyle(tile);
      var box = tile.getBoundingClientRect();
      part(picture, "rect", {
        x: box.left - area.left + 0.5,
        y: box.top - area.top + 0.5,
        width: box.width - 1,
        height: box.height - 1,
        rx: parseFloat(look.borderTopLeftRadius) || 0,
        fill: look.backgroundColor,
        stroke: look.borderTopColor,
        "stroke-dasharray": look.borderTopStyle === "dashed" ? "4 3" : "none",
      });
      linesIn(tile).forEach(function (line) {
        var type = getComputedStyle(line.of);
        part(picture, "text", {
          x: line.left - area.left,
          y: (line.top + line.bottom) / 2 - area.top,
          "dominant-baseline": "central",
          fill: type.color,
          "font-size": type.fontSize,
          "font-weight": type.fontWeight,
          "font-family": type.fontFamily,
        }).textContent = line.text;
      });
    });
    return picture;
  }

  function part(picture, name, looks) {
    var one = document.createElementNS(SVG, name);
    Object.keys(looks).forEach(function (look) {
      one.setAttribute(look, looks[look]);
    });
    return picture.appendChild(one);
  }

  /* Where the page broke its words, the picture does. */
  function linesIn(tile) {
    var lines = [];
    var walker = document.createTreeWalker(tile, NodeFilter.SHOW_TEXT, null, false);
    var range = document.createRange();
    while (walker.nextNode()) {
      var words = walker.currentNode;
      var line = null;
      for (var place = 0; place < words.length; place += 1) {
        range.setStart(words, place);
        range.setEnd(words, place + 1);
        var box = range.getBoundingClientRect();
        if (!box.width) continue;
        if (!line || box.top > line.top + 2) {
          line = { of: words.parentElement, left: box.left, top: box.top, bottom: box.bottom, text: "" };
          lines.push(line);
        }
        line.text += words.data.charAt(place);
      }
    }
    return lines;
  }

  function inkedCopy(drawing) {
    var copy = drawing.cloneNode(true);
    inkAs(drawing, copy);
    return copy;
  }

  function write(pen, words, left, width) {
    pen.fillStyle = token("--q-ink");
    pen.textBaseline = "middle";
    pen.fillText(words, left, LINE / 2, width - left);
  }

  /* An image of its own knows no sheet: what the sheets say of each part is written on it. */
  function inkAs(from, to) {
    var look = getComputedStyle(from);
    ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight", "font-family"].forEach(function (name) {
      to.setAttribute(name, look.getPropertyValue(name));
    });
    for (var place = 0; place < from.children.length; place += 1) inkAs(from.children[place], to.children[place]);
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-save-picture]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      save(document.getElementById(button.getAttribute("data-save-picture")), button.getAttribute("data-name"));
    });
  });

  var waiting = null;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () { drawn.forEach(show); }, 150);
  });
  window.addEventListener("beforeprint", function () {
    drawn.forEach(show);
  });
  start();
})();
