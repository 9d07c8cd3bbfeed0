
  # ---- Where libtorch comes without oneDNN ---------------------------------------------------------------------------

  def pack(self: __torch__.Decoder, weight: Tensor) -> Tensor:
    return weight

  def packed_linear(self: __torch__.Decoder, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if torch.numel(bias) > 0:
      return torch.linear(x, weight, bias)
    return torch.linear(x, weight)
