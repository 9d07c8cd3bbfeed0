
  # ---- Matrices packed for the processor by oneDNN: several times faster than MKL on processors that are not Intel's -----

  def pack(self: __torch__.Decoder, weight: Tensor) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(torch.contiguous(weight), 32)

  def packed_linear(self: __torch__.Decoder, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    none = annotate(List[Optional[number]], [])
    if torch.numel(bias) > 0:
      return ops.mkldnn._linear_pointwise(x, weight, bias, "none", none, "")
    return ops.mkldnn._linear_pointwise(x, weight, None, "none", none, "")
