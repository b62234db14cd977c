function m([a,c],[n,i]){let o=(i-n)/Math.log(c/a),M=t=>Math.min(c,Math.max(a,t)),h=[];for(let t=10**Math.ceil(Math.log10(a));t<=c;t*=10)h.push(t);return{to:t=>n+o*Math.log(M(t)/a),from:t=>M(a*Math.exp((t-n)/o)),ticks:h}}export{m as a};
//# sourceMappingURL=part-UDGWOD6A.js.map
