//! Writes the smallest ONNX file that has a YOLOv5 output, so that the ONNX door is tested without a
//! download: whatever the picture, it answers with the same rows.

/// Side of the input, pixels.
pub(super) const SIDE_PX: u16 = 32;

/// Returns the file: `rows` people rows of 7 columns (box, objectness, two classes).
///
/// The graph is Flatten, then a matrix product with zeros plus the rows as bias, then Reshape. Field
/// numbers are those of onnx.proto3 (ONNX 1.9).
pub(super) fn answering(rows: &[[f32; 7]]) -> Vec<u8> {
    let side = u64::from(SIDE_PX);
    let (inputs, outputs) = (3 * side * side, 7 * rows.len() as u64);
    let zeros = vec![0; usize::try_from(inputs * outputs * 4).unwrap()];
    let bias = rows.concat().iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let shape = [1, rows.len() as u64, 7];
    let shape_bytes = shape.iter().flat_map(|side| side.to_le_bytes()).collect::<Vec<u8>>();
    // OpenCV 4.6 takes the weights only as PyTorch writes them: one row per output.
    let transposed = bytes(5, &[bytes(1, b"transB"), varint(3, 1), varint(20, INT)].concat());
    let graph = [
        node("Flatten", &["images"], "flat", &[]),
        node("Gemm", &["flat", "zeros", "rows"], "line", &transposed),
        node("Reshape", &["line", "shape"], "output", &[]),
        bytes(2, b"tiny"),
        tensor("zeros", FLOAT, &[outputs, inputs], &zeros),
        tensor("rows", FLOAT, &[outputs], &bias),
        tensor("shape", INT64, &[3], &shape_bytes),
        bytes(11, &value("images", &[1, 3, side, side])),
        bytes(12, &value("output", &shape)),
    ];
    [varint(1, 7), bytes(7, &graph.concat()), bytes(8, &varint(2, 11))].concat()
}

const FLOAT: u64 = 1;
const INT64: u64 = 7;
/// Kind of an attribute, not of a tensor.
const INT: u64 = 2;

fn node(operator: &str, inputs: &[&str], output: &str, attribute: &[u8]) -> Vec<u8> {
    let mut message: Vec<u8> = inputs.iter().flat_map(|name| bytes(1, name.as_bytes())).collect();
    message.extend([bytes(2, output.as_bytes()), bytes(3, output.as_bytes())].concat());
    message.extend([&bytes(4, operator.as_bytes()), attribute].concat());
    bytes(1, &message)
}

fn tensor(name: &str, kind: u64, sides: &[u64], raw: &[u8]) -> Vec<u8> {
    let mut message: Vec<u8> = sides.iter().flat_map(|&side| varint(1, side)).collect();
    message.extend([varint(2, kind), bytes(8, name.as_bytes()), bytes(9, raw)].concat());
    bytes(5, &message)
}

fn value(name: &str, sides: &[u64]) -> Vec<u8> {
    let shape: Vec<u8> = sides.iter().flat_map(|&side| bytes(1, &varint(1, side))).collect();
    let kind = bytes(1, &[varint(1, FLOAT), bytes(2, &shape)].concat());
    [bytes(1, name.as_bytes()), bytes(2, &kind)].concat()
}

/// A protobuf field of wire type 0.
fn varint(field: u64, value: u64) -> Vec<u8> {
    let mut written = base_128(field << 3);
    written.extend(base_128(value));
    written
}

/// A protobuf field of wire type 2.
fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    let mut written = base_128(field << 3 | 2);
    written.extend(base_128(value.len() as u64));
    written.extend(value);
    written
}

fn base_128(mut value: u64) -> Vec<u8> {
    let mut written = Vec::new();
    while value >= 128 {
        written.push(u8::try_from(value % 128).unwrap() | 128);
        value /= 128;
    }
    written.push(u8::try_from(value).unwrap());
    written
}
