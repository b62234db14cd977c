var s="http://www.w3.org/2000/svg";function a(e,n={},...o){let t=document.createElementNS(s,e);for(let[r,c]of Object.entries(n))t.setAttribute(r,String(c));return t.append(...o),t}export{a};
//# sourceMappingURL=part-TVBJ3KKK.js.map
