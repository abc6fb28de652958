"""Sentences of our own about what officials do, and ordinary ones that come near them; never used to tune a word."""

ABOUT_OFFICIALS = """
Nộp hồ sơ đất từ tháng 5 mà cán bộ hẹn mãi không trả
Cán bộ một cửa gây phiền hà, bắt về làm lại giấy ba lần
can bo phuong gay phien ha khi toi lam giay khai sinh
Đi làm sổ đỏ bị sách nhiễu, phải đưa phong bì mới nhận
can bo dia chinh doi tien moi chiu do dat
Hồ sơ trễ hẹn trả kết quả hơn hai mươi ngày không một lời giải thích
ho so qua han ca thang khong ai tra loi
Cán bộ tiếp dân thái độ hách dịch, quát người già
can bo thai do kem, noi chuyen trong khong voi dan
Công chức phường vắng mặt trong giờ hành chính, dân ngồi chờ cả buổi
Lên phường xác nhận lý lịch bị làm khó dễ đủ điều
bi lam kho de khi xin giay phep sua nha
Nhân viên tiếp nhận từ chối nhận hồ sơ mà không nói lý do
Công an khu vực hẹn nhiều lần không làm tạm trú cho tôi
trưởng thôn thiên vị người nhà khi bình xét hộ nghèo
Cán bộ gợi ý bồi dưỡng thì mới ký giấy
ngâm hồ sơ xin cấp phép xây dựng của tôi bốn tháng
Cán bộ hộ tịch bắt bổ sung giấy tờ ngoài quy định
can bo mot cua bat ve bo sung giay to 4 lan
Chủ tịch xã bao che cho người lấn đất công
Thái độ phục vụ của cán bộ một cửa rất cửa quyền
Mấy ôn cán bộ hẹn tới hẹn lui, dân đi mỏi chân
""".strip().splitlines()

ORDINARY = """
Đề nghị cán bộ phường xuống kiểm tra đống rác trước nhà số 12
Nhờ cán bộ đô thị đến xem giúp nắp cống vỡ
Xe tải chở đất quá tải làm hư đường, mong công an phường xử lý
nho cong an phuong nhac nho quan karaoke mo nhac to
Quán nhậu lấn vỉa hè, khách la lớn tiếng chửi nhau tới khuya
Hàng xóm có thái độ thách thức khi được nhắc bỏ rác đúng chỗ
nuoc may chay yeu ca tuan nay
Đường không sạch, nhiều rác, nhiều chỗ có mùi hôi
duong khong sach nhieu rac qua
nhung nhieu cho den duong van chua sang
Cây xanh gãy cành đè lên dây điện
Trường học cho học sinh ra về gây kẹt xe mỗi chiều
Đèn tín hiệu chậm trễ đổi màu, xe ùn lại
Nhân viên thu gom rác bỏ sót ngõ nhà tôi ba hôm
Xe buýt bỏ bến, tài xế không đón khách
Hồ sơ thiết kế con đường này chưa tính thoát nước
Công viên cần thêm ghế đá cho người già
Chó thả rông đuổi người đi bộ
tien dien thang nay tang bat thuong
Mất nước từ hôm qua, gọi tổng đài không ai bắt máy
Cơ sở sơn xe xả mùi rất khó chịu
Chợ tự phát họp giữa lòng đường
Ổ gà lớn trước cổng ủy ban phường
den duong truoc uy ban xa hong ba toi nay
Biển báo bị cây che, tài xế không thấy
Xin hỏi thủ tục làm căn cước cho con
hoi gio lam viec cua bo phan mot cua
Mong phường phát loa về lịch tiêm phòng
Xây nhà không che chắn, bụi bay sang nhà tôi
Vỉa hè bong gạch, đi trượt chân
Nước thải chảy ra mương bốc mùi
Bãi xe thu tiền cao hơn giá niêm yết
Quán cơm lấy tiền khách đắt gấp đôi ngày lễ
Bảo vệ bãi xe quát khách, đòi thêm tiền
Karaoke loa kéo tới nửa đêm
Sạt lở bờ sông gần nhà văn hóa thôn
""".strip().splitlines()
