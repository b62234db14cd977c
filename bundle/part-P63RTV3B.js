function i({port:o}){let n=new URL(location.origin);return n.port=String(o),n.origin}var t=o=>o.find(n=>i(n)===location.origin),e=(o,n)=>n.some(r=>i(r)===o);export{i as a,t as b,e as c};
//# sourceMappingURL=part-P63RTV3B.js.map
